package io.github.ttt4rec.terminal.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The number of threads of a command. */
public final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Threads to train and evaluate with (default: one for each core).")
    private @Nullable Integer given;

    /** Returns the given number; null if there is none. */
    public @Nullable Integer given() {
        return given;
    }

    /** Returns the given number, or the number of cores. */
    public int count() {
        return given == null ? Runtime.getRuntime().availableProcessors() : given;
    }
}
