package io.github.ttt4rec.recommend;

import io.github.ttt4rec.data.Split;

/**
 * The settings of a memory-based recommender and its factory. Implementations are records whose components are the
 * configuration's keys.
 */
public interface MemoryBasedConfig {
    /** The kind of recommender, such as {@code item-knn}; a configuration file chooses it by that. */
    String type();

    /** Makes it from the training part of {@code split}. */
    Recommender create(Split split);
}
