package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.recommend.Recommendation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recommendations for a user.
 *
 * @param user the user's id
 * @param reason the input that caused it
 * @param id the id of the event or request; null if it has none
 * @param events the number of the user's events that it reflects, those of unknown items included
 * @param personal whether it reflects the user's events; otherwise it holds popular items
 * @param modelVersion the model that made it
 * @param items the best items, best first; fewer than requested if the filter leaves fewer
 */
public record UserRecommendations(
        String user,
        Reason reason,
        @Nullable String id,
        long events,
        boolean personal,
        String modelVersion,
        List<Recommendation> items) {
    /** The input that caused a list. */
    public enum Reason {
        /** An event. */
        EVENT,
        /** A request. */
        REQUEST,
        /** The end of all events. */
        END
    }
}
