package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.benchmarks.models.SyntheticLog;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the hybrid model beside the paper's: both are trained, and then follow the same users, taking turns at each event. */
@Command(
        name = "hybrid",
        description =
                "The cost of the hybrid model beside the paper's: an epoch, memory, an event, a list of ten. Both models have their"
                        + " defaults; --set is for the log and the training.",
        sortOptions = false)
public final class HybridCommand implements Callable<Integer> {
    private static final int K = 10;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LogOptions log;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Follow users of a made-up log with so many items and two events for each, with untrained networks, instead"
                            + " of --data.")
    private int items;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Events to append and lists to make, after as many to warm up (default: ${DEFAULT-VALUE}).")
    private int events;

    /** For picocli. */
    public HybridCommand() {}

    /** A model and what it took. */
    private record Made(TrainedModel model, List<EpochRecord> epochs, double seconds, long heap) {
        double epochSeconds() {
            double[] sorted = epochs.stream()
                    .mapToDouble(EpochRecord::trainSeconds)
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
        }

        /** The time of everything but epochs and validations: for the hybrid model its tables and the fit. */
        double restSeconds() {
            return seconds
                    - epochs.stream()
                            .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                            .sum();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean madeUp = items > 0;
        RunConfig config = madeUp
                ? RunConfig.defaults().withTrain(new TrainConfig(TrainConfig.Loss.CE, 50, 0, 128, 1e-3, 1, 1))
                : log.config();
        Split split = madeUp
                ? config.split().apply(new SyntheticLog(2 * items, items, 1).generate())
                : config.open(log.log());
        Made paper = make(config.withModel(TttConfig.defaults()), split);
        Made hybrid = make(config.withModel(HybridConfig.defaults()), split);
        Follower ofPaper = new Follower(paper.model(), split.data());
        Follower ofHybrid = new Follower(hybrid.model(), split.data());
        for (int i = -events; i < events; i++) {
            ofPaper.step(i);
            ofHybrid.step(i);
        }

        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"what", "paper's model", "hybrid", "ratio"});
        if (!madeUp) {
            rows.add(row("one epoch, median, s", paper.epochSeconds(), hybrid.epochSeconds()));
            rows.add(row("tables, fit and all else, s", paper.restSeconds(), hybrid.restSeconds()));
        }
        rows.add(
                row("heap of the model, of its search and of one reader, MB", paper.heap() / 1e6, hybrid.heap() / 1e6));
        rows.add(row("append one event, median, µs", ofPaper.appends(), ofHybrid.appends(), 0.5));
        rows.add(row("append one event, 99 % within, µs", ofPaper.appends(), ofHybrid.appends(), 0.99));
        rows.add(row("top " + K + " after it, median, µs", ofPaper.lists(), ofHybrid.lists(), 0.5));
        rows.add(row("top " + K + " after it, 99 % within, µs", ofPaper.lists(), ofHybrid.lists(), 0.99));

        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.printf(
                Locale.ROOT,
                "%,d items, %,d users, %d threads for training and one for events and lists%n%n",
                split.data().itemCount(),
                split.data().userCount(),
                log.threads());
        out.print(MarkdownTable.of(rows));
        out.flush();
        return 0;
    }

    private Made make(RunConfig config, Split split) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        err.println("training " + config.model().type());
        err.flush();
        long before = Memory.usedHeap();
        long start = System.nanoTime();
        List<EpochRecord> records = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                records.add(epoch);
            }
        };
        TrainedModel model;
        try (Training training = new Training(split, config, log.seed(), log.threads(), listener)) {
            model = training.run(null).orElseThrow();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Follower first = new Follower(model, split.data());
        first.step(0);
        long heap = Memory.usedHeap() - before;
        err.printf(Locale.ROOT, "%s: %d epochs, %.1f s in all%n", config.model().type(), records.size(), seconds);
        return new Made(model, records, seconds, heap);
    }

    /** Follows the users of a log one after the other on one thread: an event, and the list after it. */
    private final class Follower {
        private final TrainedModel model;
        private final Dataset data;
        private final ModelReader reader;
        private final BitSet allowed;
        private final long[] noTimes = {};
        private final long[] appendTimes = new long[events];
        private final long[] listTimes = new long[events];
        private int user = -1;
        private int position;
        private SequenceState state;

        Follower(TrainedModel model, Dataset data) {
            this.model = model;
            this.data = data;
            reader = model.newReader();
            allowed = ItemFilter.NONE.allowed(model.items());
            state = model.network().newState();
        }

        /** One event and one list; what they take is recorded as number {@code i} if that is 0 or more. */
        void step(int i) {
            while (user < 0 || position == data.length(user)) {
                user = (user + 1) % data.userCount();
                position = 0;
                // Made outside of what is timed.
                state = model.network().newState();
            }
            long start = System.nanoTime();
            float[] vector = reader.append(state, data.item(user, position++));
            long between = System.nanoTime();
            reader.recommend(new Query(vector, history()), K, allowed);
            long end = System.nanoTime();
            if (i >= 0) {
                appendTimes[i] = between - start;
                listTimes[i] = end - between;
            }
        }

        private History history() {
            int first = data.start(user);
            int last = first + position - 1;
            boolean times = data.hasTimes();
            return new History(
                    data.events(), times ? data.times() : noTimes, first, last + 1, times ? data.times()[last] : 0);
        }

        Latency appends() {
            return Latency.of(appendTimes);
        }

        Latency lists() {
            return Latency.of(listTimes);
        }
    }

    private static String[] row(String name, Latency paper, Latency hybrid, double share) {
        return row(name, paper.quantile(share) / 1000, hybrid.quantile(share) / 1000);
    }

    private static String[] row(String name, double paper, double hybrid) {
        return new String[] {
            name,
            String.format(Locale.ROOT, "%,.2f", paper),
            String.format(Locale.ROOT, "%,.2f", hybrid),
            String.format(Locale.ROOT, "%.2f", hybrid / paper)
        };
    }
}
