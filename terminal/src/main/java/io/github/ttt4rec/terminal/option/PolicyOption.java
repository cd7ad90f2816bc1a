package io.github.ttt4rec.terminal.option;

import io.github.ttt4rec.recommend.HistoryPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the history policy of a command that keeps users' states. */
public final class PolicyOption {
    @Option(
            names = {"--policy", "--history-policy"},
            paramLabel = "POLICY",
            description = "How the model reads a long history: hop, window, unbounded or reset; see evaluate --help"
                    + " (default: hop, or window for a model that cannot hop).")
    private @Nullable HistoryPolicy value;

    /** Returns the policy given on the command line; null leaves the choice to the model. */
    public @Nullable HistoryPolicy value() {
        return value;
    }
}
