package io.github.ttt4rec.terminal.option;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The option for the time after which a user without events is forgotten. */
public final class UserTtlOption {
    @Option(
            names = "--user-ttl",
            paramLabel = "TIME",
            converter = PeriodConverter.class,
            description =
                    "Forget users who have had no event for this long, such as 90d, by this machine's clock (default:"
                            + " never).")
    private Duration value = Duration.ZERO;

    /** Returns the time; zero if users are never forgotten. */
    public Duration value() {
        return value;
    }
}
