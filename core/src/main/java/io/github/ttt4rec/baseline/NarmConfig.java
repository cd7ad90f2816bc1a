package io.github.ttt4rec.baseline;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * The settings of a NARM. RecBole's {@code dropout_probs} are two values here.
 *
 * @param embeddingSize d, of items and of query vectors
 * @param hiddenSize units of a layer
 * @param numLayers recurrent layers
 * @param embeddingDropout rate on the item embedding
 * @param codeDropout rate on the joined code of both encoders
 */
public record NarmConfig(int embeddingSize, int hiddenSize, int numLayers, double embeddingDropout, double codeDropout)
        implements NetworkConfig {

    /** Checks the ranges. */
    public NarmConfig {
        Ranges.require(embeddingSize >= 1, "embedding_size must be at least 1");
        Ranges.require(hiddenSize >= 1, "hidden_size must be at least 1");
        Ranges.require(numLayers >= 1, "num_layers must be at least 1");
        Ranges.requireRate(embeddingDropout, "embedding_dropout");
        Ranges.requireRate(codeDropout, "code_dropout");
    }

    /**
     * RecBole's defaults with TTT4Rec's published configuration file over them, which asks for 64 units whatever the model.
     * RecBole's own are 128.
     */
    public static NarmConfig defaults() {
        return new NarmConfig(64, 64, 1, 0.25, 0.5);
    }

    @Override
    public String type() {
        return "narm";
    }

    @Override
    public Narm create(int itemCount) {
        return new Narm(this, itemCount);
    }
}
