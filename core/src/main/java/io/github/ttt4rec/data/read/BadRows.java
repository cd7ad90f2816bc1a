package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Handles the bad rows of a log: the first one ends the reading, or all are counted and handed on. */
final class BadRows {
    private static final int MAX_KEPT = 5;

    private final boolean skip;
    private final Consumer<String> taker;
    private final List<String> first = new ArrayList<>();
    private Path file = Path.of("");
    private String rowWord = "line";
    private long count;

    /** Bad rows of a log, which are left out if {@code skip}. */
    BadRows(boolean skip) {
        this(skip, message -> {});
    }

    /** Bad rows of a log, which are left out if {@code skip}, and of each a line to {@code taker}. */
    BadRows(boolean skip, Consumer<String> taker) {
        this.skip = skip;
        this.taker = taker;
    }

    /**
     * Starts with a file.
     *
     * @param rowWord names its rows: {@code line} or {@code row}
     */
    void start(Path file, String rowWord) {
        this.file = file;
        this.rowWord = rowWord;
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
        taker.accept(message);
        if (count++ < MAX_KEPT) {
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
