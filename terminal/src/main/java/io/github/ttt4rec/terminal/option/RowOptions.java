package io.github.ttt4rec.terminal.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The columns of a log of events, and the treatment of its bad rows. */
public final class RowOptions {
    @Option(
            names = "--user-column",
            paramLabel = "COLUMN",
            description = "Column of user ids: its name, or its number from 1; guessed from usual names.")
    private @Nullable String user;

    @Option(names = "--item-column", paramLabel = "COLUMN", description = "Column of item ids.")
    private @Nullable String item;

    @Option(names = "--time-column", paramLabel = "COLUMN", description = "Column of times.")
    private @Nullable String time;

    @Option(
            names = "--skip-bad-rows",
            description = "Leave bad rows out and count them, instead of stopping at the first.")
    private boolean skipBadRows;

    /** Returns the column of user ids; null if it is to be guessed. */
    public @Nullable String user() {
        return user;
    }

    /** Returns the column of item ids; null if it is to be guessed. */
    public @Nullable String item() {
        return item;
    }

    /** Returns the column of times; null if it is to be guessed. */
    public @Nullable String time() {
        return time;
    }

    /** Returns whether bad rows are left out and counted. */
    public boolean skipBadRows() {
        return skipBadRows;
    }
}
