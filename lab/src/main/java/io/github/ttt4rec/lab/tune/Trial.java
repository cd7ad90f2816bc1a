package io.github.ttt4rec.lab.tune;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One trial of a search.
 *
 * @param number the number of the trial, from 1
 * @param values the values that were tried, by path
 * @param status how the trial ended
 * @param ndcg the validation NDCG@10 of the best epoch under the search's protocol; null if the trial failed
 * @param hitRate the validation HR@10 of the same epoch; null if the trial failed
 * @param bestEpoch the number of that epoch, from 1; 0 without training
 * @param curve the validation NDCG@10 of the network alone after each epoch, under protocol {@code all}; empty without
 *     training
 * @param seconds the duration
 * @param passedOver the number of inconsistent combinations drawn before it
 * @param reason why the trial failed; null if it did not
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

    /** Orders trials by score, best first; ties in the order tried. */
    public static final Comparator<Trial> BEST_FIRST =
            Comparator.comparingDouble(Trial::score).reversed().thenComparingInt(Trial::number);

    /** How a trial ended. */
    public enum Status {
        /** The trial finished. */
        FINISHED,
        /** The {@link MedianRule} stopped the trial early. */
        STOPPED,
        /** Training diverged. */
        FAILED
    }

    /** The best trial; empty if none has a result. */
    static Optional<Trial> best(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> trial.status() == Status.FINISHED)
                .min(BEST_FIRST);
    }

    /** The best validation NDCG@10; below all others if the trial failed. */
    public double score() {
        return ndcg == null ? Double.NEGATIVE_INFINITY : ndcg;
    }
}
