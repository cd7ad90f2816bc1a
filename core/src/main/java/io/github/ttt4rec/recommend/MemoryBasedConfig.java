package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;

/** The settings of a memory-based recommender and its factory. Its tables are computed from a log in one pass. */
public non-sealed interface MemoryBasedConfig extends RecommenderConfig {
    /** Computes the recommender's tables from the training part of {@code split}. */
    MemoryBasedRecommender create(Split split);

    /**
     * Restores the recommender from saved tables.
     *
     * @param tables the tensors that {@link Recommender#tensors} gave when it was saved
     * @param itemCount the number of items V of the model's catalogue
     * @throws UserFacingException naming a table that is missing, damaged or made for another catalogue
     */
    MemoryBasedRecommender load(TensorFile tables, int itemCount);
}
