package io.github.ttt4rec.baseline;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * The settings of a GRU4Rec. Names are RecBole's.
 *
 * @param embeddingSize d, of items and of query vectors
 * @param hiddenSize units of a layer
 * @param numLayers recurrent layers
 * @param dropoutProb rate on the item embedding
 */
public record Gru4RecConfig(int embeddingSize, int hiddenSize, int numLayers, double dropoutProb)
        implements NetworkConfig {

    /** Checks the ranges. */
    public Gru4RecConfig {
        Ranges.require(embeddingSize >= 1, "embedding_size must be at least 1");
        Ranges.require(hiddenSize >= 1, "hidden_size must be at least 1");
        Ranges.require(numLayers >= 1, "num_layers must be at least 1");
        Ranges.requireRate(dropoutProb, "dropout_prob");
    }

    /**
     * RecBole's defaults with TTT4Rec's published configuration file over them, which asks for 64 units and a rate of 0.2
     * whatever the model. RecBole's own are 128 and 0.3.
     */
    public static Gru4RecConfig defaults() {
        return new Gru4RecConfig(64, 64, 1, 0.2);
    }

    @Override
    public String type() {
        return "gru4rec";
    }

    @Override
    public Gru4Rec create(int itemCount) {
        return new Gru4Rec(this, itemCount);
    }
}
