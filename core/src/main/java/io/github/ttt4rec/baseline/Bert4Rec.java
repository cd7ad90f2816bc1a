package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Activations;
import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * BERT4Rec (Sun et al. 2019, arXiv 1904.06690) as in RecBole, with its parameter names: a bidirectional Transformer
 * encoder that restores masked items. Token V + 1 is the mask: it has a row in the embedding, but neither a score nor
 * an output bias.
 */
public final class Bert4Rec extends WindowBaseline<Bert4Rec.Config> {
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
     * @param lastRatio share of the training sequences in which only the last item is masked (RecBole's
     *     {@code ft_ratio})
     * @param maxLen the number of positions; scoring uses one for the mask and the others for the history
     */
    public record Config(
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

        /** Checks the ranges, and that the heads divide the hidden size. */
        public Config {
            TransformerEncoder.check(
                    numLayers, numHeads, hiddenSize, innerSize, hiddenDropout, attentionDropout, maxLen);
            Ranges.require(maxLen >= 2, "max_len must be at least 2: an item and the mask");
            Ranges.require(maskRatio > 0 && maskRatio < 1, "mask_ratio must be above 0 and below 1");
            Ranges.require(lastRatio >= 0 && lastRatio <= 1, "last_ratio must be in [0, 1]");
        }

        /** RecBole's defaults. */
        public static Config defaults() {
            return new Config(2, 2, 64, 256, 0.2, 0.2, 0.2, 0.5, 50);
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

    private final int itemCount;
    private final TransformerEncoder encoder;
    private final Parameter outputBias;
    private final TransformerEncoder.Dense outputMap;
    private final TransformerEncoder.Norm outputNorm;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public Bert4Rec(Config config, int itemCount) {
        super(config, config.maxLen());
        this.itemCount = itemCount;
        outputBias = parameters.declare("output_bias", Init.ZERO, itemCount + 1);
        encoder = new TransformerEncoder(
                parameters,
                new TransformerEncoder.Size(
                        itemCount + 2,
                        config.maxLen(),
                        config.numLayers(),
                        config.numHeads(),
                        config.hiddenSize(),
                        config.innerSize(),
                        (float) config.hiddenDropout(),
                        (float) config.attentionDropout()),
                View.BIDIRECTIONAL);
        int d = config.hiddenSize();
        outputMap = TransformerEncoder.Dense.declare(parameters, "output_ffn", d, d);
        outputNorm = TransformerEncoder.Norm.declare(parameters, "output_ln", d);
    }

    @Override
    Parameter itemEmbedding() {
        return encoder.itemEmbedding();
    }

    @Override
    public int itemCount() {
        return itemCount;
    }

    @Override
    public OutputLayer outputLayer() {
        return new OutputLayer(outputTable(), itemCount + 1, outputBias);
    }

    @Override
    public Objective objective() {
        return new Objective.MaskedItem(itemCount + 1, config().maskRatio(), config().lastRatio());
    }

    /** The vectors of all positions; those of masked positions score the item that stood there. */
    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        Tensor x = encoder.apply(tape, batch);
        return outputNorm.apply(tape, Activations.gelu(tape, outputMap.apply(tape, x)));
    }
}
