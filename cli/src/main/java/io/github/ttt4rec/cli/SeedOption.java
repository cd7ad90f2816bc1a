package io.github.ttt4rec.cli;

import picocli.CommandLine.Option;

/** The seed of a training. */
final class SeedOption {
    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
    private long seed;

    long value() {
        return seed;
    }
}
