package io.github.ttt4rec.eval;

import io.github.ttt4rec.eval.internal.MetricSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The result of an evaluation.
 *
 * @param protocol how the results were measured
 * @param users the number of users with at least one case
 * @param cases the number of cases; all have the same weight
 * @param ks list lengths, ascending
 * @param metrics HR@k, NDCG@k and MRR@k for each k, then MRR
 * @param resamples the number of bootstrap resamples for the intervals; 0 if there are no intervals, as with one user
 * @param seed the seed of the bootstrap
 * @param seconds the time for scoring and ranking, without the bootstrap
 * @param ranks the rank of every case
 */
public record EvaluationResult(
        EvaluationProtocol protocol,
        int users,
        int cases,
        List<Integer> ks,
        List<Metric> metrics,
        int resamples,
        long seed,
        double seconds,
        CaseRanks ranks) {

    /** The number of cases scored and ranked per second. */
    public double casesPerSecond() {
        return cases / seconds;
    }

    /**
     * The metrics of the cases whose target is new to the user, and of those whose target is repeated.
     *
     * @param cases the number of cases
     * @param metrics without intervals, in the order of {@link EvaluationResult#metrics}; empty if there are no cases
     */
    public record Targets(int cases, List<Metric> metrics) {
        double value(String name) {
            return metrics.stream()
                    .filter(metric -> metric.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .value();
        }
    }

    /** The results over cases whose target is in the user's history; there are none in {@link Protocol#UNSEEN}. */
    public Targets repeatedTargets() {
        return targets(true);
    }

    /**
     * The results over cases whose target is new to the user. In {@link Protocol#ALL} these targets are ranked among
     * all items.
     */
    public Targets newTargets() {
        return targets(false);
    }

    private Targets targets(boolean repeated) {
        MetricSet set = new MetricSet(ks);
        double[] sums = new double[set.size()];
        int count = 0;
        for (int i = 0; i < ranks.size(); i++) {
            if (ranks.isRepeated(i) == repeated) {
                set.add(ranks.ranks()[i], sums, 0);
                count++;
            }
        }
        List<Metric> means = new ArrayList<>();
        for (int m = 0; count > 0 && m < set.size(); m++) {
            means.add(new Metric(set.name(m), sums[m] / count, null));
        }
        return new Targets(count, List.copyOf(means));
    }

    /**
     * The value of a metric, such as {@code NDCG@10}. {@code Recall@k} is another name of {@code HR@k}: each case has
     * one target.
     *
     * @throws IllegalArgumentException for a metric that was not computed
     */
    public double value(String name) {
        return metric(name)
                .orElseThrow(() -> new IllegalArgumentException("metric not computed: " + name))
                .value();
    }

    /** A metric by name, as in {@link #value}. */
    public Optional<Metric> metric(String name) {
        String canonical = name.startsWith("Recall@") ? "HR@" + name.substring("Recall@".length()) : name;
        return metrics.stream()
                .filter(metric -> metric.name().equals(canonical))
                .findFirst();
    }
}
