package io.github.ttt4rec.baseline;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * The settings of a BERT4Rec model.
 *
 * @param numLayers Transformer layers
 * @param numHeads attention heads; they share the hidden size equally
 * @param hiddenSize d
 * @param innerSize inner width of the feed-forward part
 * @param hiddenDropout rate on the embedding and on each part's output
 * @param attentionDropout rate on the attention probabilities
 * @param maskRatio probability of masking an item in training
 * @param lastRatio share of the training sequences of which the last item alone is masked (RecBole's {@code ft_ratio})
 * @param maxLen positions the model knows; when scoring, the mask takes one and the history the others
 */
public record Bert4RecConfig(
        int numLayers,
        int numHeads,
        int hiddenSize,
        int innerSize,
        double hiddenDropout,
        double attentionDropout,
        double maskRatio,
        double lastRatio,
        int maxLen)
        implements NetworkConfig {

    /** Checks the numbers against each other. */
    public Bert4RecConfig {
        TransformerEncoder.check(numLayers, numHeads, hiddenSize, innerSize, hiddenDropout, attentionDropout, maxLen);
        Ranges.require(maxLen >= 2, "max_len must be at least 2: an item and the mask");
        Ranges.require(maskRatio > 0 && maskRatio < 1, "mask_ratio must be above 0 and below 1");
        Ranges.require(lastRatio >= 0 && lastRatio <= 1, "last_ratio must be in [0, 1]");
    }

    /** RecBole's defaults. */
    public static Bert4RecConfig defaults() {
        return new Bert4RecConfig(2, 2, 64, 256, 0.2, 0.2, 0.2, 0.5, 50);
    }

    @Override
    public String type() {
        return "bert4rec";
    }

    @Override
    public Bert4Rec create(int itemCount) {
        return new Bert4Rec(this, itemCount);
    }
}
