package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.recommend.Recommendation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list for a user.
 *
 * @param user the user's id
 * @param reason what it is the answer to
 * @param id the event's or the request's; null if it had none
 * @param events the number of the user's events that it reflects, those of unknown items included
 * @param personal whether it rests on the user's events; if not, on what is popular
 * @param modelVersion the model that made it
 * @param items the best items, best first; fewer than asked for where the filter leaves fewer
 */
public record UserRecommendations(
        String user,
        Reason reason,
        @Nullable String id,
        long events,
        boolean personal,
        String modelVersion,
        List<Recommendation> items) {
    /** The input that a list answers. */
    public enum Reason {
        /** An event: the list after it. */
        EVENT,
        /** A request. */
        REQUEST,
        /** The end of all events. */
        END
    }
}
