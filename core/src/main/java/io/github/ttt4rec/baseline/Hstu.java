package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Activations;
import io.github.ttt4rec.autograd.Add;
import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Gates;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.PointwiseAttention;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.baseline.TransformerEncoder.Dense;
import io.github.ttt4rec.baseline.TransformerEncoder.Norm;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * HSTU (Zhai et al. 2024, arXiv 2402.17152, equations 1 to 3). A layer is {@code U, V, Q, K = silu(f₁(LN x))},
 * {@code x ← x + f₂(Drop(LN(A V) ⊙ U))}, where A is {@link PointwiseAttention} with a learned bias for each distance
 * between two positions. The paper's biases by elapsed time are left out, because the networks here do not read times.
 * Scores are inner products of the normalised output of the last layer with the item embedding, as in the other
 * networks.
 */
public final class Hstu extends PreNormNetwork<Hstu.Config> {
    /**
     * The settings of an HSTU model.
     *
     * @param numLayers the number of layers
     * @param numHeads attention heads; they share the hidden size equally
     * @param hiddenSize d
     * @param hiddenDropout dropout rate on the embedding and before the last linear map of each layer
     * @param maxLen the number of positions: the longest history that the model can read
     */
    public record Config(int numLayers, int numHeads, int hiddenSize, double hiddenDropout, int maxLen)
            implements NetworkConfig {

        /** Checks the ranges, and that the heads divide the hidden size. */
        public Config {
            TransformerEncoder.check(numLayers, numHeads, hiddenSize, hiddenSize, hiddenDropout, 0, maxLen);
        }

        /** Two layers with one head, as in the paper's smaller model, d 64, dropout 0.2. */
        public static Config defaults() {
            return new Config(2, 1, 64, 0.2, 50);
        }

        @Override
        public String type() {
            return "hstu";
        }

        @Override
        public Hstu create(int itemCount) {
            return new Hstu(this, itemCount);
        }
    }

    private record Layer(
            Config config,
            Norm norm,
            Dense gate,
            Dense value,
            Dense query,
            Dense key,
            Parameter distances,
            Norm attentionNorm,
            Dense output)
            implements PreNormNetwork.Layer {
        static Layer declare(ParameterSet set, String prefix, Config config) {
            int d = config.hiddenSize();
            return new Layer(
                    config,
                    Norm.declare(set, prefix + "norm", d),
                    Dense.declare(set, prefix + "gate", d, d),
                    Dense.declare(set, prefix + "value", d, d),
                    Dense.declare(set, prefix + "query", d, d),
                    Dense.declare(set, prefix + "key", d, d),
                    set.declare(prefix + "distances", Init.NORMAL, config.maxLen()),
                    Norm.declare(set, prefix + "attention_norm", d),
                    Dense.declare(set, prefix + "output", d, d));
        }

        @Override
        public Tensor apply(Tape tape, Tensor x, SequenceBatch batch, int site) {
            Tensor normed = norm.apply(tape, x);
            Tensor attended = PointwiseAttention.apply(
                    tape,
                    Activations.silu(tape, query.apply(tape, normed)),
                    Activations.silu(tape, key.apply(tape, normed)),
                    Activations.silu(tape, value.apply(tape, normed)),
                    distances,
                    batch.segments(),
                    config.numHeads());
            Tensor gated = Gates.silu(tape, gate.apply(tape, normed), attentionNorm.apply(tape, attended));
            Tensor kept = Dropout.apply(tape, gated, (float) config.hiddenDropout(), batch.rowSeeds(), site);
            return Add.apply(tape, x, output.apply(tape, kept));
        }
    }

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public Hstu(Config config, int itemCount) {
        super(
                config,
                new Size(
                        itemCount, config.maxLen(), config.numLayers(), config.hiddenSize(), config.hiddenDropout(), 1),
                (set, prefix) -> Layer.declare(set, prefix, config));
    }
}
