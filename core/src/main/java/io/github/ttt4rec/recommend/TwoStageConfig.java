package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorFile;

/**
 * The settings of a recommender in two stages: a network, trained in epochs, and a second stage that is fitted after it, on the
 * network's vectors and the log. Implementations are records whose components are the configuration's keys; the network's settings
 * are one of them.
 */
public non-sealed interface TwoStageConfig extends RecommenderConfig {
    /** The first stage. */
    NetworkConfig network();

    /** This with other settings of the network, which must be of the same type. */
    TwoStageConfig withNetwork(NetworkConfig other);

    /**
     * Checks, before the network is trained, that the second stage can be fitted.
     *
     * @throws UserFacingException if the split leaves too little for it
     */
    void check(Split split);

    /**
     * Fits the second stage. The same network, split and seed give the same bits.
     *
     * @param network the trained network
     * @param seed of everything random
     * @param checkpoint called every few milliseconds; it may throw to end the fit
     */
    TwoStageRecommender fit(SequenceRecommender network, Split split, long seed, Runnable checkpoint);

    /**
     * Reads the second stage from what {@link Recommender#tensors} gave.
     *
     * @param network with its weights
     * @throws UserFacingException if a tensor is missing, damaged or of another shape
     */
    TwoStageRecommender load(SequenceRecommender network, TensorFile file);
}
