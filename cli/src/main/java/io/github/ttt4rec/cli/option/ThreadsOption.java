package io.github.ttt4rec.cli.option;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many threads a command works with. */
public final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Threads to train and test with (default: one for each core).")
    private @Nullable Integer given;

    /** As given; null if it was not, and is this machine's choice. */
    public @Nullable Integer given() {
        return given;
    }

    public int count() {
        return orCores(given);
    }

    /** A number of threads; the number of cores where it was not given. */
    public static int orCores(@Nullable Integer given) {
        return given == null ? Runtime.getRuntime().availableProcessors() : given;
    }
}
