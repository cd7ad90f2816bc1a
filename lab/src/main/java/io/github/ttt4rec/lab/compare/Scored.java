package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.eval.internal.MetricSet;
import io.github.ttt4rec.lab.compare.Results.Gap;
import io.github.ttt4rec.lab.compare.Results.History;
import io.github.ttt4rec.lab.compare.Results.Summary;
import io.github.ttt4rec.lab.compare.Results.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A method over its seeds, with its sums over all cases, over those with long histories, and under protocol unseen.
 *
 * @param unseen the sums under protocol unseen; null if one of its runs has no such ranks
 */
record Scored(
        Summary summary,
        UserSums all,
        UserSums ofLong,
        @Nullable UserSums unseen) {
    private static final List<Integer> KS = List.of(10, 50);

    /** The test cases: all, those with long histories, and those whose target is new to the user. */
    record CaseSets(UserSums.CaseSet all, UserSums.CaseSet ofLong, UserSums.CaseSet fresh) {}

    /** The groups of test cases whose quality is shown apart. */
    record Buckets(List<History> histories, List<Gap> gaps) {}

    String name() {
        return summary.name();
    }

    static Scored of(
            Method method,
            List<RunResult> runs,
            TestCases cases,
            CaseSets sets,
            Buckets buckets,
            RunStore store,
            int threads)
            throws InterruptedException {
        List<RunResult> whole =
                runs.stream().filter(run -> run.key().fraction() == 1).toList();
        List<int[]> ranks = whole.stream()
                .map(run -> store.ranks(run.key(), Protocol.ALL, cases.size()))
                .toList();
        MetricSet set = new MetricSet(KS);
        UserSums sums = UserSums.of(set, sets.all(), ranks);
        Map<String, Metric.Interval> intervals = sums.intervals(threads);
        Map<String, Value> metrics = new LinkedHashMap<>();
        for (String name : whole.getFirst().metrics().keySet()) {
            double[] values = whole.stream().mapToDouble(run -> run.value(name)).toArray();
            metrics.put(name, new Value(mean(values), sd(values), intervals.get(name)));
        }
        ToDoubleFunction<IntPredicate> headline = bucket ->
                UserSums.of(set, UserSums.CaseSet.of(cases, bucket), ranks).mean(Results.HEADLINE);
        List<@Nullable Double> byHistory = new ArrayList<>();
        for (History history : buckets.histories()) {
            byHistory.add(headline.applyAsDouble(
                    i -> cases.positions()[i] >= history.from() && cases.positions()[i] <= history.to()));
        }
        List<Double> byGap = new ArrayList<>();
        for (Gap gap : buckets.gaps()) {
            byGap.add(headline.applyAsDouble(i -> GapBuckets.contains(gap, cases, i)));
        }
        UserSums unseen = null;
        if (whole.stream().allMatch(run -> run.unseen() != null)) {
            List<int[]> unseenRanks = whole.stream()
                    .map(run -> store.ranks(run.key(), Protocol.UNSEEN, cases.size()))
                    .toList();
            unseen = UserSums.of(set, sets.fresh(), unseenRanks);
        }
        return new Scored(
                summary(method, runs, whole, metrics, byHistory, byGap),
                sums,
                UserSums.of(set, sets.ofLong(), ranks),
                unseen);
    }

    private static Summary summary(
            Method method,
            List<RunResult> all,
            List<RunResult> runs,
            Map<String, Value> metrics,
            List<@Nullable Double> byHistory,
            List<Double> byGap) {
        Map<Double, List<Double>> fractions = new TreeMap<>();
        all.forEach(run -> fractions
                .computeIfAbsent(run.key().fraction(), fraction -> new ArrayList<>())
                .add(run.value(Results.HEADLINE)));
        Map<Double, Double> byFraction = new LinkedHashMap<>();
        fractions.forEach((fraction, values) -> byFraction.put(
                fraction, mean(values.stream().mapToDouble(Double::doubleValue).toArray())));
        return new Summary(
                method.name(),
                method.description(),
                method.isDeterministic(),
                runs.stream().map(run -> run.key().seed()).toList(),
                metrics,
                byHistory,
                byGap,
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

    private static double mean(List<RunResult> runs, ToDoubleFunction<RunResult> value) {
        return mean(runs.stream().mapToDouble(value).toArray());
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** The sample standard deviation; null for a single value. */
    private static @Nullable Double sd(double[] values) {
        if (values.length < 2) {
            return null;
        }
        double mean = mean(values);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.length - 1));
    }
}
