package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;

/**
 * The settings of a recommender in two stages: a network, trained in epochs, and a second stage that is fitted after
 * it, on the network's vectors and the log. Implementations are records whose components are the keys of the
 * configuration; one component holds the network's settings.
 */
public non-sealed interface TwoStageConfig extends RecommenderConfig {
    /** The first stage. */
    NetworkConfig network();

    /** These settings with other settings of the network, which must be of the same type. */
    TwoStageConfig withNetwork(NetworkConfig other);

    /**
     * Checks, before the network is trained, that the second stage can be fitted.
     *
     * @throws UserFacingException if the split leaves too little for it
     */
    void check(Split split);

    /**
     * Fits the second stage. The same network, split and seed give a bit-identical result.
     *
     * @param network the trained network
     * @param seed the seed of all random numbers
     * @param checkpoint called every few milliseconds; it may throw to end the fit
     */
    TwoStageRecommender fit(SequenceRecommender network, Split split, long seed, Runnable checkpoint);

    /**
     * Restores the second stage from its {@link Recommender#tensors}.
     *
     * @param network the network with its weights
     * @throws UserFacingException if a tensor is missing, damaged or of another shape
     */
    TwoStageRecommender load(SequenceRecommender network, TensorFile file);
}
