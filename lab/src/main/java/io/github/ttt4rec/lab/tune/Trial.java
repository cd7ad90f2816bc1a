package io.github.ttt4rec.lab.tune;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One setting of the values, tried.
 *
 * @param number from 1
 * @param values that were tried, by path
 * @param status how it ended
 * @param ndcg validation NDCG@10 by the search's protocol, of the best epoch; null if it failed
 * @param hitRate validation HR@10 of the same; null if it failed
 * @param bestEpoch that epoch, from 1; 0 without training
 * @param curve validation NDCG@10 by protocol {@code all} after each epoch, of the network alone; empty without training
 * @param seconds it took
 * @param passedOver combinations drawn before it that contradict themselves
 * @param reason why it failed; null if it did not
 */
public record Trial(
        int number,
        Map<String, Object> values,
        Status status,
        @Nullable Double ndcg,
        @Nullable Double hitRate,
        int bestEpoch,
        List<Double> curve,
        double seconds,
        int passedOver,
        @Nullable String reason) {

    /** Best first; equals in the order tried. */
    public static final Comparator<Trial> BEST_FIRST =
            Comparator.comparingDouble(Trial::score).reversed().thenComparingInt(Trial::number);

    /** How a trial ended. */
    public enum Status {
        /** To its end. */
        FINISHED,
        /** Before its end, as it was bad ({@link MedianRule}). */
        STOPPED,
        /** Training diverged. */
        FAILED
    }

    /** The best of them; empty if none ended with a result. */
    static Optional<Trial> best(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> trial.status() == Status.FINISHED)
                .min(BEST_FIRST);
    }

    /** The best validation NDCG@10; below every other if it failed. */
    public double score() {
        return ndcg == null ? Double.NEGATIVE_INFINITY : ndcg;
    }
}
