package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * SASRec (Kang and McAuley 2018, arXiv 1808.09781) as in RecBole, with its parameter names: a causal Transformer
 * encoder whose output is scored with the item embedding. Positions are counted from the start of the window.
 */
public final class SasRec extends WindowBaseline<SasRec.Config> {
    /**
     * The settings of a SASRec model.
     *
     * @param numLayers Transformer layers
     * @param numHeads attention heads; they share the hidden size equally
     * @param hiddenSize d
     * @param innerSize inner width of the feed-forward sublayer
     * @param hiddenDropout rate on the embedding and on each sublayer's output
     * @param attentionDropout rate on the attention probabilities
     * @param maxLen the number of positions: the longest history that the model can read
     */
    public record Config(
            int numLayers,
            int numHeads,
            int hiddenSize,
            int innerSize,
            double hiddenDropout,
            double attentionDropout,
            int maxLen)
            implements NetworkConfig {

        /** Checks the ranges, and that the heads divide the hidden size. */
        public Config {
            TransformerEncoder.check(
                    numLayers, numHeads, hiddenSize, innerSize, hiddenDropout, attentionDropout, maxLen);
        }

        /** RecBole's defaults. */
        public static Config defaults() {
            return new Config(2, 2, 64, 256, 0.5, 0.5, 50);
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

    private final TransformerEncoder encoder;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public SasRec(Config config, int itemCount) {
        super(config, config.maxLen());
        encoder = new TransformerEncoder(
                parameters,
                new TransformerEncoder.Size(
                        itemCount + 1,
                        config.maxLen(),
                        config.numLayers(),
                        config.numHeads(),
                        config.hiddenSize(),
                        config.innerSize(),
                        (float) config.hiddenDropout(),
                        (float) config.attentionDropout()),
                View.CAUSAL);
    }

    @Override
    Parameter itemEmbedding() {
        return encoder.itemEmbedding();
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        return encoder.apply(tape, batch);
    }
}
