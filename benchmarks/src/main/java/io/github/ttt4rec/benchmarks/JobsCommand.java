package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.benchmarks.load.Median;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures complete jobs in one process, as a user runs them. */
@Command(
        name = "jobs",
        description = "Measure complete jobs: read, train to convergence, evaluate, process users live; prints times"
                + " and memory.",
        sortOptions = false)
public final class JobsCommand implements Callable<Integer> {
    private static final int K = 10;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LogOptions log;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "20000",
            description =
                    "Number of live events and lists to time, after as many for warm-up (default: ${DEFAULT-VALUE}).")
    private int events;

    private final List<String[]> rows = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        rows.add(new String[] {"job", "took", "detail"});
        RunConfig config = log.config();
        Split split = open(config);
        TrainedModel model = train(config, split);
        test(model, split);
        live(model, split);

        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println();
        out.print(MarkdownTable.of(rows));
        out.flush();
        return 0;
    }

    private Split open(RunConfig config) {
        long start = System.nanoTime();
        Split split = config.open(log.log());
        Dataset data = split.data();
        add(
                "read, filter and split",
                seconds(start),
                String.format(
                        Locale.ROOT,
                        "%,d events, %,d users, %,d items",
                        data.eventCount(),
                        data.userCount(),
                        data.itemCount()));
        return split;
    }

    private TrainedModel train(RunConfig config, Split split) throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        List<EpochRecord> epochs = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                epochs.add(epoch);
                err.printf(
                        Locale.ROOT,
                        "epoch %d: %.2f s, validation %.2f s, NDCG@10 %.4f%s%n",
                        epoch.epoch(),
                        epoch.trainSeconds(),
                        epoch.validationSeconds(),
                        epoch.ndcg(),
                        best ? " *" : "");
                err.flush();
            }
        };
        long start = System.nanoTime();
        TrainedModel model;
        try (Training training = new Training(split, config, log.seed(), log.threads(), listener)) {
            model = training.run(null).orElseThrow();
        }
        double trained = seconds(start);
        add(
                "one epoch, median",
                median(epochs, EpochRecord::trainSeconds),
                String.format(
                        Locale.ROOT,
                        "%,.0f cases a second, %d threads",
                        median(epochs, EpochRecord::casesPerSecond),
                        log.threads()));
        add(
                "its validation, median",
                median(epochs, EpochRecord::validationSeconds),
                String.format(Locale.ROOT, "%,d cases", split.cases(Split.Part.VALIDATION)));
        add("training to convergence", trained, epochs.size() + " epochs");
        return model;
    }

    private void test(TrainedModel model, Split split) throws InterruptedException {
        long start = System.nanoTime();
        EvaluationResult result = new Evaluator(model.evaluationOptions().withThreads(log.threads()))
                .evaluate(model.recommender(), split, Split.Part.TEST);
        double tested = seconds(start);
        add(
                "test",
                tested,
                String.format(
                        Locale.ROOT,
                        "%,.0f cases a second; HR@10 %.4f, NDCG@10 %.4f",
                        split.cases(Split.Part.TEST) / tested,
                        result.value("HR@10"),
                        result.value("NDCG@10")));
        long sinceStart = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        add(
                "from the JVM's start to the test's end",
                sinceStart / 1e3,
                String.format(Locale.ROOT, "peak memory %,d MB resident", Memory.peakResidentBytes() >> 20));
    }

    /** Processes the users of the log one after the other on one thread: an event, and the list after it. */
    private void live(TrainedModel model, Split split) {
        Dataset data = split.data();
        ModelReader reader = model.newReader();
        BitSet allowed = ItemFilter.NONE.allowed(model.items());
        var user = new Object() {
            private int number = -1;
            private int position;
            private SequenceState state = model.network().newState();
            private float[] hidden = new float[0];

            void append() {
                hidden = reader.append(state, data.item(number, position++));
            }

            Query query() {
                int first = data.start(number);
                int last = first + position - 1;
                long[] times = data.hasTimes() ? data.times() : new long[0];
                return new Query(hidden, new History(data.events(), times, first, last + 1, data.times()[last]));
            }

            void prepare() {
                while (number < 0 || position == data.length(number)) {
                    number = (number + 1) % data.userCount();
                    position = 0;
                    state = model.network().newState();
                }
            }
        };
        // A user's initial state is created outside the timed section.
        long[] appends = new long[events];
        long[] lists = new long[events];
        for (int i = -events; i < events; i++) {
            user.prepare();
            long start = System.nanoTime();
            user.append();
            long between = System.nanoTime();
            reader.recommend(user.query(), K, allowed);
            long end = System.nanoTime();
            if (i >= 0) {
                appends[i] = between - start;
                lists[i] = end - between;
            }
        }
        addLatency("append one event", Latency.of(appends), "one thread");
        addLatency(
                "top " + K + " after it",
                Latency.of(lists),
                String.format(Locale.ROOT, "of %,d items, one thread", data.itemCount()));
    }

    private void add(String job, double seconds, String detail) {
        rows.add(new String[] {job, String.format(Locale.ROOT, "%.2f s", seconds), detail});
    }

    private void addLatency(String job, Latency latency, String detail) {
        rows.add(new String[] {job, latency.micros(0.5), "99 % within " + latency.micros(0.99) + ", " + detail});
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double median(List<EpochRecord> epochs, ToDoubleFunction<EpochRecord> of) {
        return Median.of(epochs.stream().mapToDouble(of).toArray());
    }
}
