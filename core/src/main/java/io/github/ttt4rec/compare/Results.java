package io.github.ttt4rec.compare;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.Bootstrap;
import io.github.ttt4rec.eval.EvaluationProtocol;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.MetricSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison found; {@code results.json} is this record.
 *
 * @param complete whether all runs are finished
 * @param data what was compared on
 * @param machine what it ran on
 * @param statistics how uncertainty was computed
 * @param best who has the highest {@link #HEADLINE}
 * @param entrants best first
 * @param toBest each entrant's difference to the best
 * @param toMain each entrant's difference to {@code ttt4rec}; empty where that does not take part
 * @param histories the buckets of {@link Summary#byHistory}
 * @param published what others published on this data; null where nothing is known
 * @param runs every finished run
 */
public record Results(
        boolean complete,
        Data data,
        Machine machine,
        Statistics statistics,
        String best,
        List<Summary> entrants,
        List<Difference> toBest,
        List<Difference> toMain,
        List<History> histories,
        @Nullable Published published,
        List<RunResult> runs) {

    /** The metric that ranks, and that differences are tested in. */
    public static final String HEADLINE = "NDCG@10";

    private static final List<Integer> KS = List.of(10, 50);
    private static final int FEW = 100;
    private static final int[] HISTORY_STARTS = {1, 3, 5, 10, 20, 50, 100, 200};

    /** What was compared on. */
    public record Data(
            String file,
            String sha256,
            int users,
            int items,
            int events,
            List<DataSource.Step> steps,
            String split,
            long trainingCases,
            long validationCases,
            long testCases,
            String protocol) {}

    /** What it ran on. */
    public record Machine(int cores, long maxHeapBytes, String os, String java, String kernels, int threads) {}

    /** How uncertainty was computed. */
    public record Statistics(int bootstrapResamples, int permutations, long seed) {}

    /**
     * A metric over an entrant's seeds.
     *
     * @param mean over seeds
     * @param sd sample standard deviation over seeds; null with one run
     * @param interval 95 % bootstrap interval over users of the mean over seeds; null where not computed
     */
    public record Value(double mean, @Nullable Double sd, Metric.@Nullable Interval interval) {}

    /**
     * One entrant.
     *
     * @param seeds its finished runs on all training users
     * @param metrics by name
     * @param byHistory {@link #HEADLINE} in each bucket of {@link Results#histories}; null in an empty one
     * @param byFraction mean {@link #HEADLINE} by share of the training users
     * @param recommended mean over seeds
     * @param times mean over seeds
     * @param epochSeconds of the steps of an epoch; 0 without training
     * @param epochs trained, mean over seeds
     */
    public record Summary(
            String name,
            String description,
            boolean deterministic,
            List<Long> seeds,
            Map<String, Value> metrics,
            List<@Nullable Double> byHistory,
            Map<Double, Double> byFraction,
            RecommendedItems recommended,
            RunResult.Times times,
            double epochSeconds,
            double epochs,
            long parameters) {
        /** The mean of a metric. */
        public double mean(String metric) {
            return Objects.requireNonNull(metrics.get(metric)).mean();
        }
    }

    /**
     * A difference between two entrants in the mean over users of each user's mean {@link #HEADLINE}, averaged over seeds.
     *
     * @param entrant who
     * @param reference to whom
     * @param difference entrant less reference
     * @param low of its 95 % interval, by the normal approximation over users
     * @param high of the same
     * @param p two-sided, by a paired permutation test
     * @param corrected p, corrected for all comparisons with this reference
     */
    public record Difference(
            String entrant, String reference, double difference, double low, double high, double p, double corrected) {
        /** Whether it is more than chance at the 5 % level. */
        public boolean isSignificant() {
            return corrected < 0.05;
        }
    }

    /** Test cases whose history has {@code from} to {@code to} items; the last bucket's {@code to} is the largest int. */
    public record History(int from, int to, int cases) {}

    /** Figures of others: of each entrant by metric. */
    public record Published(String source, String data, String split, Map<String, Map<String, Double>> figures) {}

    /** What the tests need of an entrant beyond its summary. */
    private record Scored(Summary summary, double[] userMeans) {}

    private static final int BOOTSTRAP_RESAMPLES = 1000;
    private static final int PERMUTATIONS = 10_000;
    private static final long SEED = 1;

    static Results of(Comparison.Plan plan, Split split, Map<RunKey, RunResult> finished, RunStore store)
            throws InterruptedException {
        TestCases cases = TestCases.of(split);
        List<History> histories = histories(cases);
        List<Scored> scored = new ArrayList<>();
        for (Entrant entrant : plan.entrants()) {
            List<RunResult> runs = plan.runs().stream()
                    .filter(key -> key.entrant().equals(entrant.name()) && finished.containsKey(key))
                    .map(key -> Objects.requireNonNull(finished.get(key)))
                    .toList();
            if (runs.stream().anyMatch(run -> run.key().fraction() == 1)) {
                scored.add(score(entrant, runs, cases, histories, store, plan.threads()));
            }
        }
        scored.sort(Comparator.comparingDouble((Scored one) -> -one.summary().mean(HEADLINE)));
        List<Summary> summaries = scored.stream().map(Scored::summary).toList();
        Scored best = scored.getFirst();
        List<Difference> toMain = scored.stream()
                .filter(one -> one.summary().name().equals(Entrants.MAIN))
                .findFirst()
                .map(main -> differences(scored, main))
                .orElse(List.of());
        RunResult first = finished.values().iterator().next();
        List<RunResult> runs = plan.runs().stream()
                .filter(finished::containsKey)
                .map(key -> Objects.requireNonNull(finished.get(key)))
                .toList();
        return new Results(
                runs.size() == plan.runs().size(),
                data(split, first.window()),
                new Machine(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.getRuntime().maxMemory(),
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        first.origin().java(),
                        first.origin().kernels(),
                        first.origin().threads()),
                new Statistics(BOOTSTRAP_RESAMPLES, PERMUTATIONS, SEED),
                best.summary().name(),
                summaries,
                differences(scored, best),
                toMain,
                histories,
                published(split),
                runs);
    }

    private static Data data(Split split, String window) {
        Dataset data = split.data();
        return new Data(
                data.source().file(),
                data.source().sha256(),
                data.userCount(),
                data.itemCount(),
                data.eventCount(),
                data.source().steps(),
                split.protocol(),
                split.cases(Part.TRAIN),
                split.cases(Part.VALIDATION),
                split.cases(Part.TEST),
                new EvaluationProtocol(split.protocol(), Part.TEST, data.itemCount(), false, window).describe());
    }

    private static @Nullable Published published(Split split) {
        PublishedFigures all = PublishedFigures.read();
        return all.table(split.data(), split.protocol())
                .map(table -> {
                    Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
                    table.figures().forEach((entrant, values) -> {
                        Map<String, Double> named = new LinkedHashMap<>();
                        for (int i = 0; i < values.size(); i++) {
                            named.put(all.metrics().get(i), values.get(i));
                        }
                        figures.put(entrant, named);
                    });
                    return new Published(all.source(), table.data(), table.split(), figures);
                })
                .orElse(null);
    }

    /** Buckets by length; a last one of few cases, whose mean would say nothing, is part of the one before. */
    private static List<History> histories(TestCases cases) {
        List<History> histories = new ArrayList<>();
        for (int i = 0; i < HISTORY_STARTS.length; i++) {
            int from = HISTORY_STARTS[i];
            int to = i + 1 < HISTORY_STARTS.length ? HISTORY_STARTS[i + 1] - 1 : Integer.MAX_VALUE;
            int count = (int) Arrays.stream(cases.positions())
                    .filter(length -> length >= from && length <= to)
                    .count();
            if (count > 0) {
                histories.add(new History(from, to, count));
            }
        }
        while (histories.size() > 1 && histories.getLast().cases() < FEW) {
            History last = histories.removeLast();
            History before = histories.removeLast();
            histories.add(new History(before.from(), last.to(), before.cases() + last.cases()));
        }
        History last = histories.removeLast();
        histories.add(new History(last.from(), Integer.MAX_VALUE, last.cases()));
        return List.copyOf(histories);
    }

    private static Scored score(
            Entrant entrant, List<RunResult> all, TestCases cases, List<History> histories, RunStore store, int threads)
            throws InterruptedException {
        List<RunResult> runs =
                all.stream().filter(run -> run.key().fraction() == 1).toList();
        MetricSet set = new MetricSet(KS);
        int headline = set.names().indexOf(HEADLINE);
        int width = set.size() + 1;
        double[] caseSums = new double[set.size()];
        double[] userSums = new double[cases.data().userCount() * width];
        double[] bucketSums = new double[histories.size()];
        int[] row = userRows(cases);
        int users = row[row.length - 1] + 1;
        for (RunResult run : runs) {
            int[] ranks = store.ranks(run.key(), cases.size());
            for (int i = 0; i < ranks.length; i++) {
                Arrays.fill(caseSums, 0);
                set.add(ranks[i], caseSums, 0);
                for (int m = 0; m < caseSums.length; m++) {
                    userSums[row[i] * width + m] += caseSums[m] / runs.size();
                }
                bucketSums[bucket(histories, cases.positions()[i])] += caseSums[headline] / runs.size();
            }
        }
        for (int i : row) {
            userSums[i * width + set.size()]++;
        }
        userSums = Arrays.copyOf(userSums, users * width);
        List<Metric.Interval> intervals = Bootstrap.intervals(userSums, width, BOOTSTRAP_RESAMPLES, SEED, threads);
        Map<String, Value> metrics = new LinkedHashMap<>();
        for (String name : runs.getFirst().metrics().keySet()) {
            double[] values = runs.stream().mapToDouble(run -> run.value(name)).toArray();
            int index = set.names().indexOf(name);
            metrics.put(name, new Value(mean(values), sd(values), index < 0 ? null : intervals.get(index)));
        }
        List<@Nullable Double> byHistory = new ArrayList<>();
        for (int b = 0; b < bucketSums.length; b++) {
            byHistory.add(bucketSums[b] / histories.get(b).cases());
        }
        double[] userMeans = new double[users];
        for (int user = 0; user < users; user++) {
            userMeans[user] = userSums[user * width + headline] / userSums[user * width + set.size()];
        }
        return new Scored(summary(entrant, all, runs, metrics, byHistory), userMeans);
    }

    private static Summary summary(
            Entrant entrant,
            List<RunResult> all,
            List<RunResult> runs,
            Map<String, Value> metrics,
            List<@Nullable Double> byHistory) {
        Map<Double, List<Double>> fractions = new TreeMap<>();
        all.forEach(run -> fractions
                .computeIfAbsent(run.key().fraction(), fraction -> new ArrayList<>())
                .add(run.value(HEADLINE)));
        Map<Double, Double> byFraction = new LinkedHashMap<>();
        fractions.forEach((fraction, values) -> byFraction.put(
                fraction, mean(values.stream().mapToDouble(Double::doubleValue).toArray())));
        return new Summary(
                entrant.name(),
                entrant.description(),
                entrant.isDeterministic(),
                runs.stream().map(run -> run.key().seed()).toList(),
                metrics,
                byHistory,
                byFraction,
                new RecommendedItems(
                        runs.getFirst().recommended().cases(),
                        mean(runs, run -> run.recommended().coverage()),
                        mean(runs, run -> run.recommended().gini()),
                        mean(runs, run -> run.recommended().novelty()),
                        mean(runs, run -> run.recommended().popularityRank())),
                new RunResult.Times(
                        mean(runs, run -> run.times().trainSeconds()),
                        mean(runs, run -> run.times().validationSeconds()),
                        mean(runs, run -> run.times().testSeconds()),
                        mean(runs, run -> run.times().casesPerSecond()),
                        runs.stream()
                                .mapToLong(run -> run.times().peakHeapBytes())
                                .max()
                                .orElseThrow()),
                mean(runs, RunResult::epochSeconds),
                mean(runs, run -> run.epochs().size()),
                runs.getFirst().parameters());
    }

    /** For each case the number of its user among those that have cases. */
    private static int[] userRows(TestCases cases) {
        int[] rows = new int[cases.size()];
        for (int i = 1; i < rows.length; i++) {
            rows[i] = rows[i - 1] + (cases.users()[i] == cases.users()[i - 1] ? 0 : 1);
        }
        return rows;
    }

    private static int bucket(List<History> histories, int length) {
        int bucket = 0;
        while (length > histories.get(bucket).to()) {
            bucket++;
        }
        return bucket;
    }

    private static List<Difference> differences(List<Scored> scored, Scored reference) {
        List<Scored> others =
                scored.stream().filter(one -> !one.equals(reference)).toList();
        double[] ps = new double[others.size()];
        double[][] differences = new double[others.size()][];
        for (int i = 0; i < ps.length; i++) {
            double[] one = others.get(i).userMeans();
            double[] two = reference.userMeans();
            differences[i] = new double[one.length];
            Arrays.setAll(differences[i], user -> one[user] - two[user]);
            ps[i] = Significance.pairedPValue(differences[i], PERMUTATIONS, SEED);
        }
        double[] corrected = Significance.holm(ps);
        List<Difference> result = new ArrayList<>();
        for (int i = 0; i < ps.length; i++) {
            double difference = mean(differences[i]);
            Double sd = sd(differences[i]);
            double margin = sd == null ? 0 : 1.96 * sd / Math.sqrt(differences[i].length);
            result.add(new Difference(
                    others.get(i).summary().name(),
                    reference.summary().name(),
                    difference,
                    difference - margin,
                    difference + margin,
                    ps[i],
                    corrected[i]));
        }
        return List.copyOf(result);
    }

    private static double mean(List<RunResult> runs, ToDoubleFunction<RunResult> value) {
        return mean(runs.stream().mapToDouble(value).toArray());
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** The sample standard deviation; null of one value. */
    private static @Nullable Double sd(double[] values) {
        if (values.length < 2) {
            return null;
        }
        double mean = mean(values);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
