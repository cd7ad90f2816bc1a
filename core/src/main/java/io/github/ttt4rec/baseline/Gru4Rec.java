package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Embedding;
import io.github.ttt4rec.autograd.GruLayer;
import io.github.ttt4rec.autograd.Linear;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import java.util.List;

/**
 * GRU4Rec (Hidasi et al. 2016) in the improved form of Tan et al. 2016 that RecBole implements: recurrent layers over
 * the item embedding and a linear map back to its size; the scores are inner products with the item embedding.
 */
public final class Gru4Rec extends Baseline<Gru4Rec.Config> {
    /**
     * The settings of a GRU4Rec model, named as in RecBole.
     *
     * @param embeddingSize d, the length of item and query vectors
     * @param hiddenSize units per layer
     * @param numLayers recurrent layers
     * @param dropoutProb rate on the item embedding
     */
    public record Config(int embeddingSize, int hiddenSize, int numLayers, double dropoutProb)
            implements NetworkConfig {

        public Config {
            Ranges.require(embeddingSize >= 1, "embedding_size must be at least 1");
            Ranges.require(hiddenSize >= 1, "hidden_size must be at least 1");
            Ranges.require(numLayers >= 1, "num_layers must be at least 1");
            Ranges.requireRate(dropoutProb, "dropout_prob");
        }

        /**
         * RecBole's defaults, changed as in TTT4Rec's published configuration file, which uses 64 units and a dropout
         * rate of 0.2 for every model. RecBole's own values are 128 and 0.3.
         */
        public static Config defaults() {
            return new Config(64, 64, 1, 0.2);
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

    private final Parameter itemEmbedding;
    private final GruEncoder encoder;
    private final Parameter denseWeight;
    private final Parameter denseBias;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public Gru4Rec(Config config, int itemCount) {
        super(config);
        int d = config.embeddingSize();
        int units = config.hiddenSize();
        itemEmbedding =
                parameters.declare("item_embedding.weight", Init.XAVIER_NORMAL.withZeroPadding(), itemCount + 1, d);
        encoder = new GruEncoder(parameters, "gru_layers.", d, units, config.numLayers(), Init.XAVIER_UNIFORM);
        denseWeight = parameters.declare("dense.weight", Init.UNIFORM_FAN_IN, d, units);
        denseBias = parameters.declare("dense.bias", Init.uniform(1 / Math.sqrt(units)), d);
    }

    @Override
    Parameter itemEmbedding() {
        return itemEmbedding;
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        return forward(tape, batch, List.of());
    }

    private Tensor forward(Tape tape, SequenceBatch batch, List<GruLayer.State> states) {
        Tensor x = Embedding.apply(tape, itemEmbedding, batch.items(), batch.rows());
        x = Dropout.apply(tape, x, (float) config().dropoutProb(), batch.rowSeeds());
        x = encoder.apply(tape, x, batch.segments(), states);
        return Linear.apply(tape, x, denseWeight, denseBias);
    }

    @Override
    public SequenceState newState() {
        return new LayerStates<>(encoder.newStates());
    }

    @Override
    public Tensor append(Tape tape, SequenceState state, int... items) {
        LayerStates<?> own = (LayerStates<?>) state;
        Tensor hidden = forward(tape, SequenceBatch.continuing(items, own.events()), own.layers(GruLayer.State.class));
        own.consumed(items.length);
        return hidden;
    }
}
