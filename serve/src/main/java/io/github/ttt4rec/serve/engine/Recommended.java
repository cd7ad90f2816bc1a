package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.Recommendation;
import java.util.List;

/**
 * An answer.
 *
 * @param items the best items, best first; fewer than asked for where the filter leaves fewer
 * @param basis what the list rests on
 * @param modelVersion the model that made it
 * @param events the number of the user's events that it reflects, those of unknown items included
 */
public record Recommended(List<Recommendation> items, Basis basis, String modelVersion, long events) {
    /** What a list rests on. */
    public enum Basis {
        /** The user's own history. */
        PERSONAL,
        /** Nothing the model knows of the user: the items most frequent in training; scores are those frequencies. */
        POPULARITY
    }
}
