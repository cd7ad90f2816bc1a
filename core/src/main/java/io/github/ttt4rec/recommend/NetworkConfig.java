package io.github.ttt4rec.recommend;

import io.github.ttt4rec.model.SequenceModel;

/** The settings of a network and its factory. A network is trained by gradient descent. */
public non-sealed interface NetworkConfig extends RecommenderConfig {
    /** A network for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    SequenceModel create(int itemCount);
}
