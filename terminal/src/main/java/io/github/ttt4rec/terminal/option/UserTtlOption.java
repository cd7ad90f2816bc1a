package io.github.ttt4rec.terminal.option;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The time after which a user without events is forgotten. */
public final class UserTtlOption {
    @Option(
            names = "--user-ttl",
            paramLabel = "TIME",
            converter = PeriodConverter.class,
            description = "Forget users without an event for so long, such as 90d, by this machine's clock"
                    + " (default: never).")
    private Duration value = Duration.ZERO;

    /** Returns the time; zero stands for never. */
    public Duration value() {
        return value;
    }
}
