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
 * @param complete whether all runs are finished; false if some have failed or are still to be made
 * @param data the data set
 * @param machine the machine
 * @param statistics the parameters of the statistics
 * @param best the method with the highest {@link #HEADLINE}
 * @param methods the methods, best first
 * @param toBest each method's difference to the best
 * @param toMain each method's difference to {@code ttt4rec}; empty if {@code ttt4rec} is not compared
 * @param histories the buckets of {@link Summary#byHistory}
 * @param gaps the buckets of {@link Summary#byGap}; empty if the log has no times
 * @param longHistories the quality on histories so long that policies differ; null if there are too few
 * @param published the published figures on this data; null if there are none
 * @param runs all finished runs
 * @param failures the runs that failed, in the order of the models
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
        List<Gap> gaps,
        @Nullable LongHistories longHistories,
        @Nullable Unseen unseen,
        @Nullable Published published,
        List<RunResult> runs,
        List<Failure> failures) {

    /** The metric by which methods are ranked and differences are tested. */
    public static final String HEADLINE = "NDCG@10";

    /** Returns this record as indented JSON with keys in snake_case. */
    public String toJson() {
        return ResultJson.write(this) + "\n";
    }

    /**
     * A run that failed.
     *
     * @param method the model's name
     * @param seed the seed
     * @param fraction the share of the training users
     * @param reason one line
     */
    public record Failure(String method, long seed, double fraction, String reason) {}

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

    /** The parameters of the statistics. */
    public record Statistics(int bootstrapResamples, int permutations, long seed) {}

    /**
     * A metric over a method's seeds.
     *
     * @param mean the mean over seeds
     * @param sd the sample standard deviation over seeds; null with one run
     * @param interval the 95 % interval, by a bootstrap over users, of the mean over seeds; null with fewer than two users, or if not computed
     */
    public record Value(double mean, @Nullable Double sd, Metric.@Nullable Interval interval) {}

    /**
     * The results of one method.
     *
     * @param seeds the seeds of its finished runs on all training users
     * @param metrics the metrics by name
     * @param byHistory {@link #HEADLINE} in each bucket of {@link Results#histories}; null in an empty one
     * @param byGap {@link #HEADLINE} in each bucket of {@link Results#gaps}
     * @param byFraction mean {@link #HEADLINE} by share of the training users
     * @param recommended mean over seeds
     * @param times mean over seeds
     * @param epochSeconds the seconds per epoch for training steps; 0 without training
     * @param epochs the number of epochs trained, mean over seeds
     * @param patience the number of epochs without improvement after which training ends; 0 without training
     * @param stillImproving whether the limit of epochs ended a run before patience did
     */
    public record Summary(
            String name,
            String description,
            boolean deterministic,
            List<Long> seeds,
            Map<String, Value> metrics,
            List<@Nullable Double> byHistory,
            List<Double> byGap,
            Map<Double, Double> byFraction,
            RecommendedItems recommended,
            RunResult.Times times,
            double epochSeconds,
            double epochs,
            int patience,
            boolean stillImproving,
            long parameters) {
        /** The metric of this name. */
        public Value value(String metric) {
            return Objects.requireNonNull(metrics.get(metric));
        }

        /** The mean of the metric of this name. */
        public double mean(String metric) {
            return value(metric).mean();
        }
    }

    /**
     * A difference between two methods in mean {@link #HEADLINE} over test cases, averaged over seeds. The cases of a
     * user are correlated, so whole users are resampled.
     *
     * @param method the method
     * @param reference the method it is compared with
     * @param difference the mean of the method minus that of the reference
     * @param low the lower end of the 95 % interval by a bootstrap over users
     * @param high the upper end of this interval
     * @param p the two-sided p-value of a permutation test that flips the signs of the users' sums of differences
     * @param corrected the p-value corrected for all comparisons with this reference
     */
    public record Difference(
            String method, String reference, double difference, double low, double high, double p, double corrected) {
        /** Returns whether the difference is significant at the 5 % level. */
        public boolean isSignificant() {
            return corrected < 0.05;
        }
    }

    /**
     * The test cases with histories of {@code from} to {@code to} items; {@code to} of the last bucket is the largest
     * int.
     */
    public record History(int from, int to, int cases) {}

    /**
     * The test cases whose target is at least {@code from} and less than {@code to} seconds after the user's last
     * event; {@code to} of the last bucket is the largest long.
     */
    public record Gap(long from, long to, int cases) {}

    /**
     * The quality on test cases with histories longer than a network is trained on, for which history policies differ.
     *
     * @param moreThan max_len; the cases have more items before them
     * @param cases the number of cases
     * @param users the number of users with such cases
     * @param reference the method that the others are compared with: {@code ttt4rec}, or the best method if
     *     {@code ttt4rec} is not compared
     * @param methods the methods, ordered by their quality on these cases
     * @param differences the differences to the reference on these cases
     */
    public record LongHistories(
            int moreThan,
            int cases,
            int users,
            String reference,
            List<PartSummary> methods,
            List<Difference> differences) {}

    /**
     * The quality under protocol {@code unseen}: the cases whose target is new to the user, ranked among items new to
     * the user.
     *
     * @param cases the number of cases
     * @param users the number of users with such cases
     * @param best the method with the highest {@link #HEADLINE} on them
     * @param methods the methods, best first
     * @param toBest each method's difference to the best
     * @param toMain each method's difference to {@code ttt4rec}; empty if {@code ttt4rec} is not compared
     */
    public record Unseen(
            int cases,
            int users,
            String best,
            List<PartSummary> methods,
            List<Difference> toBest,
            List<Difference> toMain) {
        /** The figures of a method; empty if it is not included. */
        public Optional<PartSummary> method(String name) {
            return methods.stream().filter(one -> one.name().equals(name)).findFirst();
        }
    }

    /** A method's metrics, by name, over part of the cases. */
    public record PartSummary(String name, Map<String, Value> metrics) {
        /** The metric of this name. */
        public Value value(String metric) {
            return Objects.requireNonNull(metrics.get(metric));
        }

        /** The mean of the metric of this name. */
        public double mean(String metric) {
            return value(metric).mean();
        }
    }

    /** Published figures of others, by method and metric. */
    public record Published(String source, String data, String split, Map<String, Map<String, Double>> figures) {}
}
