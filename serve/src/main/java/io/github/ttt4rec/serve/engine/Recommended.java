package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.Recommendations;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recommendations for a user, and their origin.
 *
 * @param items the best items, best first; fewer than requested if the filter leaves fewer. Scores of popular items are
 *     numbers of interactions in training, and of items that are popular within a context, shares of its events
 * @param modelVersion the version of the model that made the list
 * @param events the number of the user's events that the list reflects, those of unknown items included
 * @param pinned the items whose places a rule fixed
 * @param emptiedBy the first restriction after which no item was left, named as in {@link LeftOut}; null if there are
 *     items, or if the model had none to rank
 * @param explanations the terms of each item's score, without boosts; empty if not requested, or if the model's scores
 *     have no terms
 * @param leftOut the items that each restriction removed, in the order in which they apply; restrictions that removed
 *     none are missing. Empty if explanations were not requested
 */
public record Recommended(
        Recommendations items,
        String modelVersion,
        long events,
        Set<String> pinned,
        @Nullable String emptiedBy,
        Map<String, Explained> explanations,
        List<LeftOut> leftOut) {
    /** Returns the same list with another basis. */
    Recommended on(Recommendations.Basis basis) {
        return new Recommended(
                new Recommendations(items, basis), modelVersion, events, pinned, emptiedBy, explanations, leftOut);
    }

    /** The name of the request's own filter in {@link #emptiedBy}. */
    public static final String FILTER = "filter";
}
