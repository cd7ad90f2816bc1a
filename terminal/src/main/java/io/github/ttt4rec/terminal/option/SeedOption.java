package io.github.ttt4rec.terminal.option;

import picocli.CommandLine.Option;

/** The option for the seed of a training. */
public final class SeedOption {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all random numbers (default: ${DEFAULT-VALUE}).")
    private long seed;

    public long value() {
        return seed;
    }
}
