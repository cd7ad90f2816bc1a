package io.github.ttt4rec.baseline;

import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * The settings of an eSASRec model. Its recipe also has a loss: train it with {@code loss=sampled_ce} and 256 negatives.
 *
 * @param numLayers Transformer layers
 * @param numHeads attention heads; they share the hidden size equally
 * @param hiddenSize d
 * @param innerSize inner width of the SwiGLU part
 * @param hiddenDropout rate on the embedding and on each part's output
 * @param attentionDropout rate on the attention probabilities
 * @param maxLen positions the model knows: the longest history it can read
 */
public record EsasRecConfig(
        int numLayers,
        int numHeads,
        int hiddenSize,
        int innerSize,
        double hiddenDropout,
        double attentionDropout,
        int maxLen)
        implements NetworkConfig {

    /** Checks the numbers against each other. */
    public EsasRecConfig {
        TransformerEncoder.check(numLayers, numHeads, hiddenSize, innerSize, hiddenDropout, attentionDropout, maxLen);
    }

    /** Two layers of two heads, d 64, inner width 256, dropout 0.2. */
    public static EsasRecConfig defaults() {
        return new EsasRecConfig(2, 2, 64, 256, 0.2, 0.2, 50);
    }

    @Override
    public String type() {
        return "esasrec";
    }

    @Override
    public EsasRec create(int itemCount) {
        return new EsasRec(this, itemCount);
    }
}
