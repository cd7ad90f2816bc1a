package io.github.ttt4rec.eval;

import io.github.ttt4rec.data.Split;
import java.util.Locale;

/**
 * What was measured, so that no number goes without it.
 *
 * @param split name of the split, such as {@code ratio 3:2:5}
 * @param part the part evaluated
 * @param items the number of items ranked, V
 * @param maskSeen whether items the user already had were left out of the ranking
 * @param window how much of the history the recommender saw, in words
 */
public record EvaluationProtocol(String split, Split.Part part, int items, boolean maskSeen, String window) {
    /** The protocol in one line. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s cases of split %s; full ranking of %,d items; %s; window: %s",
                partName(),
                split,
                items,
                maskSeen ? "seen items masked" : "seen items not masked",
                window);
    }

    /** The part's name in lower case. */
    public String partName() {
        return switch (part) {
            case TRAIN -> "train";
            case VALIDATION -> "validation";
            case TEST -> "test";
        };
    }
}
