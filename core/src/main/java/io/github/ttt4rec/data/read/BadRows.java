package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Handles the bad rows of a log: either the first one is an error, or all are counted and passed on. */
final class BadRows {
    private static final int MAX_KEPT = 5;

    private final boolean skip;
    private final Consumer<String> taker;
    private final List<String> first = new ArrayList<>();
    private Path file = Path.of("");
    private String rowWord = "line";
    private long count;

    /** Bad rows are skipped if {@code skip}; otherwise the first is an error. */
    BadRows(boolean skip) {
        this(skip, message -> {});
    }

    /**
     * Bad rows are skipped if {@code skip}, with a line about each to {@code taker}; otherwise the first is an error.
     */
    BadRows(boolean skip, Consumer<String> taker) {
        this.skip = skip;
        this.taker = taker;
    }

    /**
     * Starts a file.
     *
     * @param rowWord the word for its rows: {@code line} or {@code row}
     */
    void start(Path file, String rowWord) {
        this.file = file;
        this.rowWord = rowWord;
    }

    /** Reports a bad row. */
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
