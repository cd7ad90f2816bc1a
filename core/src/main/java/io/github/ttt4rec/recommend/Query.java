package io.github.ttt4rec.recommend;

/**
 * The input from which a live user's recommendations are computed. The arrays are shared and must not be modified.
 *
 * @param vector the query vector {@code (d)} after the user's last event; empty if the recommender keeps no state, or
 *     if no known item was read
 * @param history the user's kept events on known items with their times, and the time of the request
 */
public record Query(float[] vector, History history) {
    /** A query with only a query vector, for a recommender that reads nothing else. */
    public static Query of(float... vector) {
        return new Query(vector, History.of());
    }
}
