package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.Recommendations;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recommendations for a user, and what they were made from.
 *
 * @param items the best items, best first; fewer than asked for if the filter leaves fewer. On the basis of popularity, the scores
 *     are numbers of interactions in training
 * @param modelVersion the model that made it
 * @param events the number of the user's events that it reflects, those of unknown items included
 * @param pinned the items that a rule has put at their place
 * @param emptiedBy the name of the rule that left no item, or {@value #FILTER} if the request's filter did; null if there are items or
 *     there was none before
 * @param explanations for each item what its score is made of, boosts left out; empty if nobody asked, or if the model's scores have no
 *     terms
 */
public record Recommended(
        Recommendations items,
        String modelVersion,
        long events,
        Set<String> pinned,
        @Nullable String emptiedBy,
        Map<String, Explained> explanations) {
    /** Stands for the request's own filter. */
    public static final String FILTER = "filter";
}
