package io.github.ttt4rec.compare;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.Bootstrap;
import io.github.ttt4rec.eval.EvaluationProtocol;
import io.github.ttt4rec.eval.HistoryPolicy;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.MetricSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
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
 * @param longHistories quality where history policies differ; null where too few histories are so long
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
        @Nullable LongHistories longHistories,
        @Nullable Published published,
        List<RunResult> runs) {

    /** The metric that ranks, and that differences are tested in. */
    public static final String HEADLINE = "NDCG@10";

    private static final List<Integer> KS = List.of(10, 50);
    private static final int FEW = 100;
    private static final int[] HISTORY_STARTS = {1, 3, 5, 10, 20, 50, 100};

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
     * @param patience epochs without improvement that end its training; 0 without training
     * @param stillImproving whether the limit of epochs ended a run before patience did
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
            int patience,
            boolean stillImproving,
            long parameters) {
        /** A metric. */
        public Value value(String metric) {
            return Objects.requireNonNull(metrics.get(metric));
        }

        /** The mean of a metric. */
        public double mean(String metric) {
            return value(metric).mean();
        }
    }

    /**
     * A difference between two entrants in mean {@link #HEADLINE} over test cases, averaged over seeds. A user's cases hang
     * together, so users are what is resampled, each with all their cases.
     *
     * @param entrant who
     * @param reference to whom
     * @param difference entrant less reference
     * @param low of its 95 % bootstrap interval over users
     * @param high of the same
     * @param p two-sided, by a permutation test that flips the signs of users' sums of differences
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

    /**
     * Quality in the test cases whose history is longer than what a network is trained on, where history policies differ.
     *
     * @param moreThan max_len: the cases have more items than that before them
     * @param cases how many
     * @param users who have such cases
     * @param reference to whom the entrants are compared: {@code ttt4rec}, or the best where that does not take part
     * @param entrants in these cases best first
     * @param differences to the reference, in these cases
     */
    public record LongHistories(
            int moreThan,
            int cases,
            int users,
            String reference,
            List<LongSummary> entrants,
            List<Difference> differences) {}

    /** An entrant in the cases with long histories: metrics by name. */
    public record LongSummary(String name, Map<String, Value> metrics) {
        /** A metric. */
        public Value value(String metric) {
            return Objects.requireNonNull(metrics.get(metric));
        }

        /** The mean of a metric. */
        public double mean(String metric) {
            return value(metric).mean();
        }
    }

    /** Figures of others: of each entrant by metric. */
    public record Published(String source, String data, String split, Map<String, Map<String, Double>> figures) {}

    /** An entrant with its sums over all cases, and over those with long histories. */
    private record Scored(Summary summary, UserSums all, UserSums ofLong) {
        String name() {
            return summary.name();
        }
    }

    private static final int PERMUTATIONS = 10_000;

    static Results of(Comparison.Plan plan, Split split, Map<RunKey, RunResult> finished, RunStore store)
            throws InterruptedException {
        TestCases cases = TestCases.of(split);
        int maxLen = plan.settings().shared().train().maxLen();
        List<History> histories = histories(cases, maxLen);
        UserSums.CaseSet all = UserSums.CaseSet.of(cases, i -> true);
        UserSums.CaseSet ofLong = UserSums.CaseSet.of(cases, i -> cases.positions()[i] > maxLen);
        List<Scored> scored = new ArrayList<>();
        for (Entrant entrant : plan.entrants()) {
            List<RunResult> runs = plan.runs().stream()
                    .filter(key -> key.entrant().equals(entrant.name()) && finished.containsKey(key))
                    .map(key -> Objects.requireNonNull(finished.get(key)))
                    .toList();
            if (runs.stream().anyMatch(run -> run.key().fraction() == 1)) {
                scored.add(score(entrant, runs, cases, all, ofLong, histories, store, plan.threads()));
            }
        }
        scored.sort(Comparator.comparingDouble((Scored one) -> -one.summary().mean(HEADLINE)));
        List<Summary> summaries = scored.stream().map(Scored::summary).toList();
        Scored best = scored.getFirst();
        Optional<Scored> main =
                scored.stream().filter(one -> one.name().equals(Entrants.MAIN)).findFirst();
        List<Difference> toMain =
                main.isPresent() ? differences(scored, main.get(), Scored::all, plan.threads()) : List.of();
        RunResult first = finished.values().iterator().next();
        List<RunResult> runs = plan.runs().stream()
                .filter(finished::containsKey)
                .map(key -> Objects.requireNonNull(finished.get(key)))
                .toList();
        return new Results(
                runs.size() == plan.runs().size(),
                data(split, HistoryPolicy.WINDOW.describe(maxLen)),
                new Machine(
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.getRuntime().maxMemory(),
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        first.origin().java(),
                        first.origin().kernels(),
                        first.origin().threads()),
                new Statistics(UserSums.RESAMPLES, PERMUTATIONS, UserSums.SEED),
                best.name(),
                summaries,
                differences(scored, best, Scored::all, plan.threads()),
                toMain,
                histories,
                longHistories(maxLen, ofLong, scored, main.orElse(best), plan.threads()),
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

    /**
     * Buckets by length, of which one begins where the history is longer than max_len; a last one of few cases, whose mean
     * would say nothing, is part of the one before.
     */
    private static List<History> histories(TestCases cases, int maxLen) {
        int[] starts = IntStream.concat(
                        Arrays.stream(HISTORY_STARTS).filter(start -> 2 * start <= maxLen),
                        IntStream.of(maxLen + 1, 2 * maxLen + 1, 4 * maxLen + 1))
                .toArray();
        List<History> histories = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            int from = starts[i];
            int to = i + 1 < starts.length ? starts[i + 1] - 1 : Integer.MAX_VALUE;
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
            Entrant entrant,
            List<RunResult> runs,
            TestCases cases,
            UserSums.CaseSet all,
            UserSums.CaseSet ofLong,
            List<History> histories,
            RunStore store,
            int threads)
            throws InterruptedException {
        List<RunResult> whole =
                runs.stream().filter(run -> run.key().fraction() == 1).toList();
        List<int[]> ranks =
                whole.stream().map(run -> store.ranks(run.key(), cases.size())).toList();
        MetricSet set = new MetricSet(KS);
        UserSums sums = UserSums.of(set, all, ranks);
        Map<String, Metric.Interval> intervals = sums.intervals(threads);
        Map<String, Value> metrics = new LinkedHashMap<>();
        for (String name : whole.getFirst().metrics().keySet()) {
            double[] values = whole.stream().mapToDouble(run -> run.value(name)).toArray();
            metrics.put(name, new Value(mean(values), sd(values), intervals.get(name)));
        }
        List<@Nullable Double> byHistory = new ArrayList<>();
        for (History history : histories) {
            UserSums.CaseSet bucket = UserSums.CaseSet.of(
                    cases, i -> cases.positions()[i] >= history.from() && cases.positions()[i] <= history.to());
            byHistory.add(UserSums.of(set, bucket, ranks).mean(HEADLINE));
        }
        return new Scored(summary(entrant, runs, whole, metrics, byHistory), sums, UserSums.of(set, ofLong, ranks));
    }

    private static @Nullable LongHistories longHistories(
            int maxLen, UserSums.CaseSet cases, List<Scored> scored, Scored reference, int threads)
            throws InterruptedException {
        if (cases.cases().length < FEW) {
            return null;
        }
        List<LongSummary> summaries = new ArrayList<>();
        for (Scored one : scored) {
            Map<String, Metric.Interval> intervals = one.ofLong().intervals(threads);
            Map<String, Value> metrics = new LinkedHashMap<>();
            intervals.forEach(
                    (name, interval) -> metrics.put(name, new Value(one.ofLong().mean(name), null, interval)));
            summaries.add(new LongSummary(one.name(), metrics));
        }
        summaries.sort(Comparator.comparingDouble((LongSummary one) -> -one.mean(HEADLINE)));
        return new LongHistories(
                maxLen,
                cases.cases().length,
                cases.users(),
                reference.name(),
                List.copyOf(summaries),
                differences(scored, reference, Scored::ofLong, threads));
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
                runs.getFirst().patience(),
                runs.stream().anyMatch(RunResult::stillImproving),
                runs.getFirst().parameters());
    }

    private static List<Difference> differences(
            List<Scored> scored, Scored reference, Function<Scored, UserSums> sums, int threads)
            throws InterruptedException {
        List<Scored> others = scored.stream()
                .filter(one -> !one.name().equals(reference.name()))
                .toList();
        double[] ps = new double[others.size()];
        double[][] differences = new double[others.size()][];
        for (int i = 0; i < ps.length; i++) {
            double[] byUser = sums.apply(others.get(i)).less(sums.apply(reference));
            differences[i] = byUser;
            double[] ofUsers = IntStream.range(0, byUser.length / 2)
                    .mapToDouble(user -> byUser[2 * user])
                    .toArray();
            ps[i] = Significance.pairedPValue(ofUsers, PERMUTATIONS, UserSums.SEED);
        }
        double[] corrected = Significance.holm(ps);
        List<Difference> result = new ArrayList<>();
        for (int i = 0; i < ps.length; i++) {
            Metric.Interval interval = Bootstrap.intervals(
                            differences[i], 2, UserSums.RESAMPLES, UserSums.SEED, threads)
                    .getFirst();
            result.add(new Difference(
                    others.get(i).name(),
                    reference.name(),
                    sums.apply(others.get(i)).mean(HEADLINE)
                            - sums.apply(reference).mean(HEADLINE),
                    interval.low(),
                    interval.high(),
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
