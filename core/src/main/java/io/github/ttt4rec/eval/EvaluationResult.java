package io.github.ttt4rec.eval;

import java.util.List;
import java.util.Optional;

/**
 * What an evaluation found.
 *
 * @param protocol what was measured
 * @param users users with at least one case
 * @param cases the number of cases, each weighted the same
 * @param ks list lengths, ascending
 * @param metrics HR@k, NDCG@k and MRR@k for each k, then MRR
 * @param resamples bootstrap resamples behind the intervals; 0 if there are none
 * @param seed of the bootstrap
 * @param seconds time taken to score and rank, the bootstrap not counted
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

    /** Cases scored and ranked a second. */
    public double casesPerSecond() {
        return cases / seconds;
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
