package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Add;
import io.github.ttt4rec.autograd.Attention;
import io.github.ttt4rec.autograd.Attention.View;
import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Gates;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.baseline.TransformerEncoder.Dense;
import io.github.ttt4rec.baseline.TransformerEncoder.Norm;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * eSASRec (arXiv 2508.06450): SASRec with the pre-norm LiGR layers of arXiv 2502.03417. The output of each sublayer
 * passes a gate computed from the sublayer's input: {@code x ← x + σ(W x + b) ⊙ Drop(sublayer(LN x))}, first for causal
 * attention, then for SwiGLU. Scores are inner products of the normalised output of the last layer with the item
 * embedding.
 */
public final class EsasRec extends PreNormNetwork<EsasRec.Config> {
    /**
     * The settings of an eSASRec model. The published training also prescribes the loss: set {@code loss=sampled_ce}
     * with 256 negatives.
     *
     * @param numLayers Transformer layers
     * @param numHeads attention heads; they share the hidden size equally
     * @param hiddenSize d
     * @param innerSize inner width of SwiGLU
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

        /** Two layers of two heads, d 64, inner width 256, dropout 0.2. */
        public static Config defaults() {
            return new Config(2, 2, 64, 256, 0.2, 0.2, 50);
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

    /** Dropout sites per layer. */
    private static final int SITES = 3;

    /** Causal attention behind a gate. */
    private record GatedAttention(Norm norm, Dense query, Dense key, Dense value, Dense output, Dense gate) {
        static GatedAttention declare(ParameterSet set, String prefix, int d) {
            return new GatedAttention(
                    Norm.declare(set, prefix + "attention_norm", d),
                    Dense.declare(set, prefix + "query", d, d),
                    Dense.declare(set, prefix + "key", d, d),
                    Dense.declare(set, prefix + "value", d, d),
                    Dense.declare(set, prefix + "output", d, d),
                    Dense.declare(set, prefix + "attention_gate", d, d));
        }

        Tensor apply(Tape tape, Tensor x, SequenceBatch batch, Config config, int site) {
            Tensor normed = norm.apply(tape, x);
            Tensor context = Attention.apply(
                    tape,
                    query.apply(tape, normed),
                    key.apply(tape, normed),
                    value.apply(tape, normed),
                    batch.segments(),
                    config.numHeads(),
                    View.CAUSAL,
                    new Attention.Drop((float) config.attentionDropout(), batch.rowSeeds(), site));
            Tensor attended = output.apply(tape, context);
            attended = Dropout.apply(tape, attended, (float) config.hiddenDropout(), batch.rowSeeds(), site + 1);
            return Add.apply(tape, x, Gates.sigmoid(tape, gate.apply(tape, x), attended));
        }
    }

    /** SwiGLU behind a gate. */
    private record GatedFeedForward(Norm norm, Dense inner, Dense up, Dense down, Dense gate) {
        static GatedFeedForward declare(ParameterSet set, String prefix, int d, int innerSize) {
            return new GatedFeedForward(
                    Norm.declare(set, prefix + "feed_forward_norm", d),
                    Dense.declare(set, prefix + "gate", d, innerSize),
                    Dense.declare(set, prefix + "up", d, innerSize),
                    Dense.declare(set, prefix + "down", innerSize, d),
                    Dense.declare(set, prefix + "feed_forward_gate", d, d));
        }

        Tensor apply(Tape tape, Tensor x, SequenceBatch batch, Config config, int site) {
            Tensor normed = norm.apply(tape, x);
            Tensor fed = Gates.silu(tape, inner.apply(tape, normed), up.apply(tape, normed));
            fed = down.apply(tape, fed);
            fed = Dropout.apply(tape, fed, (float) config.hiddenDropout(), batch.rowSeeds(), site);
            return Add.apply(tape, x, Gates.sigmoid(tape, gate.apply(tape, x), fed));
        }
    }

    private record Layer(Config config, GatedAttention attention, GatedFeedForward feedForward)
            implements PreNormNetwork.Layer {
        static Layer declare(ParameterSet set, String prefix, Config config) {
            int d = config.hiddenSize();
            return new Layer(
                    config,
                    GatedAttention.declare(set, prefix, d),
                    GatedFeedForward.declare(set, prefix, d, config.innerSize()));
        }

        @Override
        public Tensor apply(Tape tape, Tensor x, SequenceBatch batch, int site) {
            Tensor middle = attention.apply(tape, x, batch, config, site);
            return feedForward.apply(tape, middle, batch, config, site + 2);
        }
    }

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public EsasRec(Config config, int itemCount) {
        super(
                config,
                new Size(
                        itemCount,
                        config.maxLen(),
                        config.numLayers(),
                        config.hiddenSize(),
                        config.hiddenDropout(),
                        SITES),
                (set, prefix) -> Layer.declare(set, prefix, config));
    }
}
