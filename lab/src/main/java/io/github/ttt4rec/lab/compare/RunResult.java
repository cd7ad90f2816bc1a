package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.train.EpochRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of one run; stored as {@code result.json} in its directory.
 *
 * @param key the run
 * @param metrics the test metrics by name under protocol {@code all}, means over cases
 * @param unseen the same under protocol {@code unseen}; null if it has no case or an older version made the run
 * @param newTargets the figures over the cases of {@code all} whose target is new to the user; null in a run of an
 *     older version
 * @param repeatedTargets the figures over the other cases of {@code all}; null in a run of an older version
 * @param cases the number of test cases
 * @param users the number of test users
 * @param window a description of the part of the history that the method reads
 * @param epochs the training curve; empty without training
 * @param bestEpoch the epoch whose weights were tested; 0 without training
 * @param parameters the number of learned values; 0 without a network
 * @param times its cost in time and memory
 * @param recommended statistics of its recommendations
 * @param config the full configuration
 * @param origin the machine and the time
 */
public record RunResult(
        RunKey key,
        Map<String, Double> metrics,
        @Nullable Figures unseen,
        @Nullable Figures newTargets,
        @Nullable Figures repeatedTargets,
        int cases,
        int users,
        String window,
        List<Epoch> epochs,
        int bestEpoch,
        long parameters,
        Times times,
        RecommendedItems recommended,
        Map<String, Object> config,
        Origin origin) {

    /** Metrics by name over some of the test cases; empty if there are none. */
    public record Figures(int cases, Map<String, Double> metrics) {
        static Figures of(int cases, List<Metric> metrics) {
            Map<String, Double> named = new LinkedHashMap<>();
            metrics.forEach(metric -> named.put(metric.name(), metric.value()));
            return new Figures(cases, named);
        }
    }

    /** One epoch of the training curve; metrics are null without validation. */
    public record Epoch(
            int epoch,
            double loss,
            @Nullable Double hitRate,
            @Nullable Double ndcg,
            double trainSeconds,
            double validationSeconds) {
        static Epoch of(EpochRecord epoch) {
            return new Epoch(
                    epoch.epoch(),
                    epoch.loss(),
                    Double.isNaN(epoch.hitRate()) ? null : epoch.hitRate(),
                    Double.isNaN(epoch.ndcg()) ? null : epoch.ndcg(),
                    epoch.trainSeconds(),
                    epoch.validationSeconds());
        }
    }

    /**
     * The cost in time and memory.
     *
     * @param trainSeconds the time for the steps of all epochs, or for counting
     * @param validationSeconds the time for validation in all epochs
     * @param testSeconds the time for scoring and ranking all test cases
     * @param casesPerSecond the number of test cases per second
     * @param peakHeapBytes the largest heap in use, including data and garbage
     */
    public record Times(
            double trainSeconds,
            double validationSeconds,
            double testSeconds,
            double casesPerSecond,
            long peakHeapBytes) {
        /** The sum of all times. */
        public double wholeSeconds() {
            return trainSeconds + validationSeconds + testSeconds;
        }
    }

    /** The place, time and software of a run. */
    public record Origin(
            String version,
            String java,
            String kernels,
            int threads,
            String dataFile,
            String dataSha256,
            String split,
            String finished) {}

    /** A test metric by name. */
    public double value(String metric) {
        return Objects.requireNonNull(metrics.get(metric));
    }

    /** The median over epochs of the seconds for training steps; 0 without training. */
    public double epochSeconds() {
        double[] sorted =
                epochs.stream().mapToDouble(Epoch::trainSeconds).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    /** The number of epochs without a better validation after which training ends; 0 without training. */
    public int patience() {
        return epochs.isEmpty() ? 0 : trainSetting("patience");
    }

    /** Returns whether the limit of epochs ended the training before patience did. */
    public boolean stillImproving() {
        return !epochs.isEmpty()
                && epochs.getLast().ndcg() != null
                && epochs.size() >= trainSetting("epochs")
                && epochs.size() - bestEpoch < patience();
    }

    private int trainSetting(String key) {
        Map<?, ?> train = (Map<?, ?>) Objects.requireNonNull(config.get("train"));
        return ((Number) Objects.requireNonNull(train.get(key))).intValue();
    }
}
