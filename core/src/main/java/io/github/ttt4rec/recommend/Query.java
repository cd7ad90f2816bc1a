package io.github.ttt4rec.recommend;

/**
 * Everything that a live user's list is made from. The arrays are shared; nobody writes to them.
 *
 * @param vector the query vector {@code (d)} after the user's last event; empty if the recommender keeps no state, or if no event
 *     of a known item was read
 * @param history the user's known events that are kept, with their times, and the time of the request
 */
public record Query(float[] vector, History history) {
    /** A query with a query vector alone, for a recommender that reads nothing else. */
    public static Query of(float... vector) {
        return new Query(vector, History.of());
    }

    /** A query with a history alone, for a recommender that keeps no state. */
    public static Query of(History history) {
        return new Query(new float[0], history);
    }
}
