package io.github.ttt4rec.baseline;

import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * The settings of a SASRec model.
 *
 * @param numLayers Transformer layers
 * @param numHeads attention heads; they share the hidden size equally
 * @param hiddenSize d
 * @param innerSize inner width of the feed-forward part
 * @param hiddenDropout rate on the embedding and on each part's output
 * @param attentionDropout rate on the attention probabilities
 * @param maxLen positions the model knows: the longest history it can read
 */
public record SasRecConfig(
        int numLayers,
        int numHeads,
        int hiddenSize,
        int innerSize,
        double hiddenDropout,
        double attentionDropout,
        int maxLen)
        implements NetworkConfig {

    /** Checks the numbers against each other. */
    public SasRecConfig {
        TransformerEncoder.check(numLayers, numHeads, hiddenSize, innerSize, hiddenDropout, attentionDropout, maxLen);
    }

    /** RecBole's defaults. */
    public static SasRecConfig defaults() {
        return new SasRecConfig(2, 2, 64, 256, 0.5, 0.5, 50);
    }

    @Override
    public String type() {
        return "sasrec";
    }

    @Override
    public SasRec create(int itemCount) {
        return new SasRec(this, itemCount);
    }
}
