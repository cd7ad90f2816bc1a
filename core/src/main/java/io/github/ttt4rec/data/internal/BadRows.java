package io.github.ttt4rec.data.internal;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What happens to bad rows: the first ends the reading, or all are counted and the first few told. */
final class BadRows {
    private static final int TOLD = 5;

    private final Path file;
    private final String rowWord;
    private final boolean skip;
    private final List<String> first = new ArrayList<>();
    private long count;

    /**
     * For one file.
     *
     * @param rowWord what its rows are counted by: {@code line} or {@code row}
     * @param skip whether bad rows are left out
     */
    BadRows(Path file, String rowWord, boolean skip) {
        this.file = file;
        this.rowWord = rowWord;
        this.skip = skip;
    }

    /** Reports a field. */
    void report(long row, String column, String problem) {
        report(row, "column \"" + column + "\": " + problem);
    }

    /** Reports a row as a whole. */
    void report(long row, String problem) {
        String message = file + ", " + rowWord + " " + row + ": " + problem;
        if (!skip) {
            throw new UserFacingException(
                    message + ". Mend the " + rowWord + ", or leave out bad ones with --skip-bad-rows");
        }
        if (count++ < TOLD) {
            first.add(message);
        }
    }

    long count() {
        return count;
    }

    List<String> first() {
        return List.copyOf(first);
    }
}
