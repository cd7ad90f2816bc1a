package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.Recommender;

/**
 * What a recommender without a network is made of, and how to make it. Implementations are records: the values a
 * configuration file may set.
 */
public interface NeighbourConfig {
    /** The kind of recommender, such as {@code item-knn}; a configuration file chooses it by that. */
    String type();

    /** Makes it from the training part of {@code split}. */
    Recommender create(Split split);
}
