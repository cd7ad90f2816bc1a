package io.github.ttt4rec.lab.tune;

import java.util.List;

/**
 * Median stopping (Golovin et al. 2017, Google Vizier, section 3.2.2): a trial ends after an epoch where its best NDCG@10 so
 * far is below the median, over the trials that finished, of the mean of their NDCG@10 up to that epoch.
 */
final class MedianRule {
    /** Epochs that every trial has: slow starts are no bad ends. */
    static final int GRACE = 5;
    /** Finished trials that a median is taken of, at least. */
    static final int MIN_TRIALS = 5;

    private MedianRule() {}

    /** Returns whether to stop a trial with this curve, after {@code trials}. */
    static boolean stops(List<Double> curve, List<Trial> trials) {
        int epochs = curve.size();
        if (epochs < GRACE) {
            return false;
        }
        double[] means = trials.stream()
                .filter(trial -> trial.status() == Trial.Status.FINISHED)
                .mapToDouble(trial -> trial.curve().stream()
                        .limit(epochs)
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElseThrow())
                .sorted()
                .toArray();
        if (means.length < MIN_TRIALS) {
            return false;
        }
        double median = (means[(means.length - 1) / 2] + means[means.length / 2]) / 2;
        return curve.stream().allMatch(value -> value < median);
    }
}
