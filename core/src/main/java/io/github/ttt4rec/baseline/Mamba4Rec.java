package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Embedding;
import io.github.ttt4rec.autograd.LayerNorm;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Mamba4Rec (Liu et al. 2024, arXiv 2403.03900), with the published code's parameter names. Streaming is exact: a
 * user's state holds each layer's hidden states and last convolution inputs, and its size does not depend on the
 * history.
 */
public final class Mamba4Rec extends Baseline<Mamba4Rec.Config> {
    /**
     * The settings of a Mamba4Rec model. Names are those of the published code.
     *
     * @param numLayers Mamba layers; with more than one, each has a residual connection
     * @param hiddenSize d
     * @param dState hidden states per channel
     * @param dConv width of the causal convolution
     * @param expand channels per hidden unit
     * @param dropout rate on the embedding and on each sublayer's output
     */
    public record Config(int numLayers, int hiddenSize, int dState, int dConv, int expand, double dropout)
            implements NetworkConfig {

        public Config {
            Ranges.require(numLayers >= 1, "num_layers must be at least 1");
            Ranges.require(hiddenSize >= 1, "hidden_size must be at least 1");
            Ranges.require(dState >= 1, "d_state must be at least 1");
            Ranges.require(dConv >= 1, "d_conv must be at least 1");
            Ranges.require(expand >= 1, "expand must be at least 1");
            Ranges.requireRate(dropout, "dropout");
        }

        /** The published code's defaults. */
        public static Config defaults() {
            return new Config(1, 64, 32, 4, 2, 0.2);
        }

        @Override
        public String type() {
            return "mamba4rec";
        }

        @Override
        public Mamba4Rec create(int itemCount) {
            return new Mamba4Rec(this, itemCount);
        }

        /** The number of channels of the scan, {@code expand·d}. */
        public int channels() {
            return expand * hiddenSize;
        }

        /** The rank of the map to the step sizes, Mamba's "auto": ⌈d/16⌉. */
        public int stepRank() {
            return (hiddenSize + 15) / 16;
        }
    }

    static final float EPSILON = 1e-12f;

    private final Parameter itemEmbedding;
    private final Parameter normGain;
    private final Parameter normBias;
    private final List<MambaLayer> layers = new ArrayList<>();

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public Mamba4Rec(Config config, int itemCount) {
        super(config);
        int d = config.hiddenSize();
        itemEmbedding = parameters.declare("item_embedding.weight", Init.NORMAL_TABLE, itemCount + 1, d);
        normGain = parameters.declare("LayerNorm.weight", Init.ONE, d);
        normBias = parameters.declare("LayerNorm.bias", Init.ZERO, d);
        for (int layer = 0; layer < config.numLayers(); layer++) {
            layers.add(new MambaLayer(parameters, layer, config));
        }
    }

    @Override
    Parameter itemEmbedding() {
        return itemEmbedding;
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        return forward(tape, batch, List.of());
    }

    private Tensor forward(Tape tape, SequenceBatch batch, List<MambaLayer.State> states) {
        Tensor x = Embedding.apply(tape, itemEmbedding, batch.items(), batch.rows());
        x = Dropout.apply(tape, x, (float) config().dropout(), batch.rowSeeds());
        x = LayerNorm.apply(tape, x, normGain, normBias, EPSILON);
        for (int layer = 0; layer < layers.size(); layer++) {
            x = layers.get(layer).apply(tape, x, batch, states.isEmpty() ? null : states.get(layer));
        }
        return x;
    }

    @Override
    public SequenceState newState() {
        return new LayerStates<>(layers.stream().map(MambaLayer::newState).toList());
    }

    @Override
    public Tensor append(Tape tape, SequenceState state, int... items) {
        LayerStates<?> own = (LayerStates<?>) state;
        Tensor hidden =
                forward(tape, SequenceBatch.continuing(items, own.events()), own.layers(MambaLayer.State.class));
        own.consumed(items.length);
        return hidden;
    }
}
