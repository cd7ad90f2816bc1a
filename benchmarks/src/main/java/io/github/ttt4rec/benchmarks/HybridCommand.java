package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.benchmarks.models.SyntheticLog;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.TwoStageRecommender;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Compares the cost of the hybrid model with the paper's model, or with its own network. Both process the same users
 * and take turns at each event.
 */
@Command(
        name = "hybrid",
        description = "Compare the cost of the hybrid model with the paper's model: an epoch, memory, an event, a list"
                + " of ten. Both models have default settings; --set changes the log and the training.",
        sortOptions = false)
public final class HybridCommand implements Callable<Integer> {
    private static final int K = 10;
    /** The maximum number of events of a synthetic log. */
    private static final int MADE_UP_EVENTS = 50_000;
    /** Items of the synthetic log of {@code --all}. */
    private static final int MANY_ITEMS = 1_000_000;

    private static final String HEAP = "heap of the loaded model, its search and a reader, MB";

    @Spec
    private CommandSpec spec;

    @Mixin
    private LogOptions log;

    @Option(
            names = "--model",
            paramLabel = "DIRECTORY",
            description = "Train nothing: process users of --data with this hybrid model and with its network alone,"
                    + " and measure the heap that each takes once loaded.")
    private @Nullable Path model;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "0",
            description = "Train nothing: the same on a synthetic log with this many items, with a network that has"
                    + " learned"
                    + " nothing.")
    private int items;

    @Option(
            names = "--all",
            description =
                    "Every row of docs/performance.md: the models of --data, then a synthetic log of a million items.")
    private boolean all;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Number of events and lists to time, after as many for warm-up (default: ${DEFAULT-VALUE}).")
    private int events;

    /** A model and the time and memory that it took. */
    private record Made(TrainedModel model, List<EpochRecord> epochs, double seconds) {
        double epochSeconds() {
            double[] sorted = epochs.stream()
                    .mapToDouble(EpochRecord::trainSeconds)
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
        }

        /**
         * Returns the time of everything except epochs and validations: for the hybrid model, its tables and the fit.
         */
        double restSeconds() {
            return seconds
                    - epochs.stream()
                            .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                            .sum();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        if (items > 0) {
            print(onSyntheticLog(items));
        } else if (model != null) {
            print(ofSavedModel(model));
        } else {
            print(besideThePapersModel());
            if (all) {
                print(onSyntheticLog(MANY_ITEMS));
            }
        }
        return 0;
    }

    private void print(List<String[]> rows) {
        PrintWriter out = spec.commandLine().getOut();
        out.println();
        out.print(MarkdownTable.of(rows));
        out.flush();
    }

    private List<String[]> onSyntheticLog(int itemCount) throws InterruptedException {
        Dataset data = new SyntheticLog(Math.min(2 * itemCount, MADE_UP_EVENTS), itemCount, 1).generate();
        RunConfig config = RunConfig.defaults()
                .withSplit(SplitSpec.parse("leave-one-out"))
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, 50, 0, 128, 1e-3, 1, 1));
        Made made =
                make(config.withModel(HybridConfig.defaults()), config.split().apply(data));
        List<String[]> rows = new ArrayList<>();
        besideItsNetwork(made.model(), data, rows);
        return rows;
    }

    private List<String[]> ofSavedModel(Path directory) {
        TrainedModel trained = TrainedModel.load(directory);
        Dataset data = trained.config().open(log.log()).data();
        List<String[]> rows = new ArrayList<>();
        besideItsNetwork(trained, data, rows);
        rows.add(row(HEAP, heap(directory, data, false) / 1e6, heap(directory, data, true) / 1e6));
        return rows;
    }

    private void besideItsNetwork(TrainedModel trained, Dataset data, List<String[]> rows) {
        if (!(trained.recommender() instanceof TwoStageRecommender hybrid)) {
            throw new UserFacingException(
                    model + ": is a model of type " + trained.config().model().type() + "; give a hybrid model");
        }
        rows.add(new String[] {"one thread, " + number(data.itemCount()) + " items", "its network", "hybrid", "ratio"});
        follow(new Follower(hybrid.firstStage(), data), new Follower(hybrid, data), rows);
    }

    private List<String[]> besideThePapersModel() throws InterruptedException {
        List<String[]> rows = new ArrayList<>();
        RunConfig config = log.config();
        Split split = config.open(log.log());
        Made paper = make(config.withModel(TttConfig.defaults()), split);
        Made hybrid = make(config.withModel(HybridConfig.defaults()), split);
        Dataset data = split.data();
        rows.add(new String[] {number(data.itemCount()) + " items", "paper's model", "hybrid", "ratio"});
        rows.add(row(
                "one epoch, median, s, " + log.threads() + " threads", paper.epochSeconds(), hybrid.epochSeconds()));
        rows.add(row("tables, fit and all else, s", paper.restSeconds(), hybrid.restSeconds()));
        rows.add(row(HEAP, heapOnceLoaded(paper.model(), data) / 1e6, heapOnceLoaded(hybrid.model(), data) / 1e6));
        follow(
                new Follower(paper.model().recommender(), data),
                new Follower(hybrid.model().recommender(), data),
                rows);
        return rows;
    }

    /**
     * Returns the heap bytes of a loaded model after its first list: of the hybrid model, or of only its network and
     * ids.
     */
    private long heap(Path directory, Dataset data, boolean whole) {
        long before = Memory.usedHeap();
        Object kept = loaded(directory, data, whole);
        try {
            return Memory.usedHeap() - before;
        } finally {
            Reference.reachabilityFence(kept);
        }
    }

    private Object loaded(Path directory, Dataset data, boolean whole) {
        TrainedModel trained = TrainedModel.load(directory);
        Recommender recommender = trained.recommender();
        Follower first = new Follower(whole ? recommender : ((TwoStageRecommender) recommender).firstStage(), data);
        first.step(-1);
        return List.of(whole ? trained : trained.items(), first.reader);
    }

    /** The same for a model that is saved and loaded for this. */
    private long heapOnceLoaded(TrainedModel trained, Dataset data) {
        try {
            Path parent = Files.createTempDirectory("ttt4rec-hybrid");
            Path directory = parent.resolve("model");
            trained.save(directory);
            try {
                return heap(directory, data, true);
            } finally {
                try (Stream<Path> files = Files.walk(parent)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot save a model to measure its memory", failure);
        }
    }

    private void follow(Follower one, Follower hybrid, List<String[]> rows) {
        for (int i = -events; i < events; i++) {
            one.step(i);
            hybrid.step(i);
        }
        rows.add(row("append one event, median, µs", one.appends(), hybrid.appends(), 0.5));
        rows.add(row("append one event, 99 % within, µs", one.appends(), hybrid.appends(), 0.99));
        rows.add(row("top " + K + " after it, median, µs", one.lists(), hybrid.lists(), 0.5));
        rows.add(row("top " + K + " after it, 99 % within, µs", one.lists(), hybrid.lists(), 0.99));
    }

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private Made make(RunConfig config, Split split) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        err.println("training " + config.model().type());
        err.flush();
        long start = System.nanoTime();
        List<EpochRecord> records = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                records.add(epoch);
            }
        };
        TrainedModel made;
        try (Training training = new Training(split, config, log.seed(), log.threads(), listener)) {
            made = training.run(null).orElseThrow();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        err.printf(Locale.ROOT, "%s: %d epochs, %.1f s in all%n", config.model().type(), records.size(), seconds);
        return new Made(made, records, seconds);
    }

    /** Processes the users of a log one after the other on one thread: an event, and the list after it. */
    private final class Follower {
        private final Dataset data;
        private final Recommender.Reader reader;
        private final BitSet allowed = new BitSet();
        private final long[] noTimes = {};
        private final long[] appendTimes = new long[events];
        private final long[] listTimes = new long[events];
        private int user = -1;
        private int position;
        private SequenceState state;

        Follower(Recommender recommender, Dataset data) {
            this.data = data;
            reader = recommender.newReader();
            allowed.set(1, recommender.itemCount() + 1);
            state = reader.newState().orElseThrow();
        }

        /** Processes one event and one list, and records their times at index {@code i} unless it is negative. */
        void step(int i) {
            while (user < 0 || position == data.length(user)) {
                user = (user + 1) % data.userCount();
                position = 0;
                // Created outside the timed section.
                state = reader.newState().orElseThrow();
            }
            long start = System.nanoTime();
            float[] vector = reader.append(state, data.item(user, position++));
            long between = System.nanoTime();
            reader.top(new Query(vector, history()), K, allowed);
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
