package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.internal.ResultJson;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The results of a comparison; {@code results.json} is this record.
 *
 * @param complete whether all runs are finished
 * @param data the data set
 * @param machine the machine
 * @param statistics how uncertainty was computed
 * @param best who has the highest {@link #HEADLINE}
 * @param methods best first
 * @param toBest each method's difference to the best
 * @param toMain each method's difference to {@code ttt4rec}; empty if that does not take part
 * @param histories the buckets of {@link Summary#byHistory}
 * @param longHistories quality where history policies differ; null if too few histories are so long
 * @param published published figures on this data; null if there are none
 * @param runs every finished run
 */
public record Results(
        boolean complete,
        Data data,
        Machine machine,
        Statistics statistics,
        String best,
        List<Summary> methods,
        List<Difference> toBest,
        List<Difference> toMain,
        List<History> histories,
        @Nullable LongHistories longHistories,
        @Nullable Unseen unseen,
        @Nullable Published published,
        List<RunResult> runs) {

    /** The metric that ranks, and that differences are tested in. */
    public static final String HEADLINE = "NDCG@10";

    /** Returns this record as indented JSON with keys in snake_case. */
    public String toJson() {
        return ResultJson.write(this) + "\n";
    }

    /** The data set of a comparison. */
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

    /** The machine of a comparison. */
    public record Machine(int cores, long maxHeapBytes, String os, String java, String kernels, int threads) {}

    /** How uncertainty was computed. */
    public record Statistics(int bootstrapResamples, int permutations, long seed) {}

    /**
     * A metric over a method's seeds.
     *
     * @param mean over seeds
     * @param sd sample standard deviation over seeds; null with one run
     * @param interval 95 % bootstrap interval over users of the mean over seeds; null if not computed
     */
    public record Value(double mean, @Nullable Double sd, Metric.@Nullable Interval interval) {}

    /**
     * One method.
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
     * A difference between two methods in mean {@link #HEADLINE} over test cases, averaged over seeds. A user's cases hang
     * together, so users are what is resampled, each with all their cases.
     *
     * @param method who
     * @param reference to whom
     * @param difference method less reference
     * @param low of its 95 % bootstrap interval over users
     * @param high of the same
     * @param p two-sided, by a permutation test that flips the signs of users' sums of differences
     * @param corrected p, corrected for all comparisons with this reference
     */
    public record Difference(
            String method, String reference, double difference, double low, double high, double p, double corrected) {
        /** Returns whether it is more than chance at the 5 % level. */
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
     * @param reference the method that the others are compared with: {@code ttt4rec}, or the best if that does not take part
     * @param methods in these cases best first
     * @param differences to the reference, in these cases
     */
    public record LongHistories(
            int moreThan,
            int cases,
            int users,
            String reference,
            List<PartSummary> methods,
            List<Difference> differences) {}

    /**
     * Quality in protocol {@code unseen}: the cases whose target is new to the user, ranked among items new to the user.
     *
     * @param cases how many
     * @param users who have such cases
     * @param best the method with the highest {@link #HEADLINE} in them
     * @param methods best first
     * @param toBest each method's difference to the best
     * @param toMain each method's difference to {@code ttt4rec}; empty if that does not take part
     */
    public record Unseen(
            int cases,
            int users,
            String best,
            List<PartSummary> methods,
            List<Difference> toBest,
            List<Difference> toMain) {
        /** The figures of a method; empty if it has none. */
        public Optional<PartSummary> method(String name) {
            return methods.stream().filter(one -> one.name().equals(name)).findFirst();
        }
    }

    /** An method in a part of the cases: metrics by name. */
    public record PartSummary(String name, Map<String, Value> metrics) {
        /** A metric. */
        public Value value(String metric) {
            return Objects.requireNonNull(metrics.get(metric));
        }

        /** The mean of a metric. */
        public double mean(String metric) {
            return value(metric).mean();
        }
    }

    /** Figures of others: of each method by metric. */
    public record Published(String source, String data, String split, Map<String, Map<String, Double>> figures) {}
}
