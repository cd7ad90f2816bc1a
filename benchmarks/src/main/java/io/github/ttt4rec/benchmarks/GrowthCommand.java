package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import io.github.ttt4rec.benchmarks.models.SyntheticLog;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures how cost grows with the sizes of histories, catalogue, log and users, on synthetic data with the default
 * model.
 */
@Command(
        name = "growth",
        description =
                "Measure how cost grows with the sizes of histories, catalogue, log and users, on synthetic data.",
        sortOptions = false)
public final class GrowthCommand implements Callable<Integer> {
    private static final int LOG_ITEMS = 10_000;
    /** K of the default model: every K-th event also updates the fast weights. */
    private static final int MINI_BATCH = 8;

    private static final int REPEATS = 4000;

    /** The quantity that grows. */
    enum Part {
        HISTORY,
        CATALOGUE,
        LOG,
        USERS
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "Quantities to grow: ${COMPLETION-CANDIDATES} (default: all).")
    private List<Part> parts = List.of(Part.values());

    @Option(
            names = "--largest-log",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Maximum number of interactions; the log grows tenfold from 100,000 (default:"
                    + " ${DEFAULT-VALUE}).")
    private int largestLog;

    @Option(
            names = "--largest-catalogue",
            paramLabel = "N",
            defaultValue = "1000000",
            description =
                    "Maximum number of items; the catalogue grows tenfold from 1,000 (default: ${DEFAULT-VALUE}).")
    private int largestCatalogue;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        for (Part part : parts) {
            List<String[]> rows = switch (part) {
                case HISTORY -> history();
                case CATALOGUE -> catalogue();
                case LOG -> log();
                case USERS -> users();
            };
            out.println();
            out.print(MarkdownTable.of(rows));
            out.flush();
        }
        return 0;
    }

    private void progress(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }

    /** Runs on one thread. Times an inner mini-batch after each length, repeatedly from a copy of the state. */
    private List<String[]> history() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"events in a user's history", "one more event, median", "mean", "99 % within"});
        TrainedModel model = MadeUpModels.of(1000);
        ModelReader reader = model.newReader();
        SplittableRandom random = new SplittableRandom(1);
        SequenceState warm = model.network().newState();
        Latency.of(50_000, 1, () -> reader.append(warm, random.nextInt(1, 1001)));
        for (int length : new int[] {10, 100, 1000, 10_000}) {
            progress("history of " + length);
            SequenceState state = model.network().newState();
            reader.append(state, random.ints(length, 1, 1001).toArray());
            long[] times = new long[REPEATS * MINI_BATCH];
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                SequenceState copy = state.copy();
                Latency some = Latency.of(0, MINI_BATCH, () -> reader.append(copy, random.nextInt(1, 1001)));
                System.arraycopy(some.sorted(), 0, times, repeat * MINI_BATCH, MINI_BATCH);
            }
            Latency latency = Latency.of(times);
            rows.add(new String[] {
                String.format(Locale.ROOT, "%,d", length),
                latency.micros(0.5),
                String.format(
                        Locale.ROOT, "%.1f µs", Arrays.stream(times).average().orElseThrow() / 1000),
                latency.micros(0.99)
            });
        }
        return rows;
    }

    private List<String[]> catalogue() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"items", "top 10, median", "99 % within", "ns an item"});
        for (int items = 1000; items <= largestCatalogue; items *= 10) {
            progress("catalogue of " + items);
            TrainedModel model = MadeUpModels.of(items);
            ModelReader reader = model.newReader();
            BitSet allowed = ItemFilter.NONE.allowed(model.items());
            SplittableRandom random = new SplittableRandom(1);
            int most = items;
            float[][] users = random.ints(64, 1, most + 1)
                    .mapToObj(item -> reader.append(model.network().newState(), item))
                    .toArray(float[][]::new);
            int[] next = new int[1];
            int calls = Math.clamp(200_000_000L / items, 50, 20_000);
            Latency latency = Latency.of(
                    calls, calls, () -> reader.recommend(Query.of(users[next[0]++ % users.length]), 10, allowed));
            double median = latency.quantile(0.5);
            rows.add(new String[] {
                String.format(Locale.ROOT, "%,d", items),
                latency.micros(0.5),
                latency.micros(0.99),
                String.format(Locale.ROOT, "%.2f", median / items)
            });
        }
        return rows;
    }

    private List<String[]> log() throws InterruptedException {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "interactions", "users", "training cases", "one epoch", "cases a second", "heap after it", "parameters"
        });
        int threads = Runtime.getRuntime().availableProcessors();
        train(100_000, threads, 3); // until the JIT compiler has compiled everything
        for (long interactions = 100_000; interactions <= largestLog; interactions *= 10) {
            progress("log of " + interactions);
            rows.add(train((int) interactions, threads, interactions <= 100_000 ? 3 : 1));
        }
        return rows;
    }

    /** Times the last epoch. */
    private static String[] train(int interactions, int threads, int epochs) throws InterruptedException {
        RunConfig config = RunConfigs.set(RunConfig.defaults(), List.of("split=3:0:7", "epochs=" + epochs));
        Split split = config.split().apply(new SyntheticLog(interactions, LOG_ITEMS, 1).generate());
        List<EpochRecord> records = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                records.add(epoch);
            }
        };
        try (Training training = new Training(split, config, 1, threads, listener)) {
            TrainedModel model = training.run(null).orElseThrow();
            EpochRecord last = records.getLast();
            return new String[] {
                String.format(Locale.ROOT, "%,d", interactions),
                String.format(Locale.ROOT, "%,d", split.data().userCount()),
                String.format(Locale.ROOT, "%,d", split.cases(Split.Part.TRAIN)),
                String.format(Locale.ROOT, "%.2f s", last.trainSeconds()),
                String.format(Locale.ROOT, "%,.0f", last.casesPerSecond()),
                String.format(Locale.ROOT, "%,d MB", Memory.usedHeap() >> 20),
                String.format(Locale.ROOT, "%,d", model.network().parameters().size())
            };
        }
    }

    private List<String[]> users() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"users in memory", "heap for them", "a user", "of which state"});
        TrainedModel model = MadeUpModels.of(1000);
        ModelReader reader = model.newReader();
        for (int count : new int[] {1000, 5000, 20_000}) {
            progress("users " + count);
            long before = Memory.usedHeap();
            List<SequenceState> states = new ArrayList<>(count);
            for (int user = 0; user < count; user++) {
                SequenceState state = model.network().newState();
                reader.append(state, 1 + user % 1000);
                states.add(state);
            }
            long bytes = Memory.usedHeap() - before;
            rows.add(new String[] {
                String.format(Locale.ROOT, "%,d", count),
                String.format(Locale.ROOT, "%,d MB", bytes >> 20),
                String.format(Locale.ROOT, "%,d bytes", bytes / count),
                String.format(Locale.ROOT, "%,d bytes", states.getLast().bytes())
            });
        }
        return rows;
    }
}
