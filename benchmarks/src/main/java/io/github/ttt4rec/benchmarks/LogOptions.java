package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.benchmarks.option.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for a job's log and settings, with the meaning that they have for {@code ./ttt4rec train}. */
final class LogOptions {
    /** As in {@code ./ttt4rec demo}, except for the number of epochs. */
    private static final List<String> DEMO_SETTINGS =
            List.of("split=temporal:2011-11-28,2011-12-01", "deduplication=exact", "batch_size=512");

    @Option(names = "--data", paramLabel = "FILE", description = "The log (default: the demo's log in the repository).")
    private @Nullable Path data;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting, as for ./ttt4rec train; repeatable.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: one per core).")
    private @Nullable Integer threads;

    LogOptions() {}

    Path log() {
        if (data != null) {
            return data;
        }
        return Checkout.current().shopLog();
    }

    /** Returns the default protocol and model with the given settings. */
    RunConfig config() {
        List<String> all = new ArrayList<>(data == null ? DEMO_SETTINGS : List.of());
        all.addAll(settings);
        return RunConfigs.set(RunConfig.defaults(), all);
    }

    long seed() {
        return seed;
    }

    int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
