package io.github.ttt4rec.terminal.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for a command's number of threads. */
public final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Number of threads for training and evaluation (default: one per core).")
    private @Nullable Integer given;

    /** Returns the number given on the command line; null if none was given. */
    public @Nullable Integer given() {
        return given;
    }

    /** Returns the number given on the command line, or the number of cores. */
    public int count() {
        return given == null ? Runtime.getRuntime().availableProcessors() : given;
    }
}
