package io.github.ttt4rec.lab.tune;

import java.util.List;

/**
 * Median stopping (Golovin et al. 2017, Google Vizier, section 3.2.2): a trial is stopped after an epoch if its best
 * NDCG@10 so far is below the median, over the finished trials, of their mean NDCG@10 up to that epoch.
 */
final class MedianRule {
    /** The number of epochs before a trial may be stopped, because a slow start does not mean a bad result. */
    static final int GRACE = 5;
    /** The number of finished trials needed for a median. */
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
