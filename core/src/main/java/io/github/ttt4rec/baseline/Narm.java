package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Embedding;
import io.github.ttt4rec.autograd.GruLayer;
import io.github.ttt4rec.autograd.Linear;
import io.github.ttt4rec.autograd.NarmAttention;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * NARM (Li et al. 2017) as RecBole implements it: recurrent layers over the item embedding; attention of the last item
 * to all items so far (local) is concatenated with the last hidden vector (global) and mapped to the embedding's size;
 * the scores are inner products with the item embedding.
 *
 * <p>Attention reads every earlier event, so a user's state and the cost of an event grow with the history.
 */
public final class Narm extends Baseline<Narm.Config> {
    /**
     * The settings of a NARM model. RecBole's {@code dropout_probs} is split into two settings.
     *
     * @param embeddingSize d, the length of item and query vectors
     * @param hiddenSize units per layer
     * @param numLayers recurrent layers
     * @param embeddingDropout rate on the item embedding
     * @param codeDropout rate on the concatenated codes of both encoders
     */
    public record Config(int embeddingSize, int hiddenSize, int numLayers, double embeddingDropout, double codeDropout)
            implements NetworkConfig {

        public Config {
            Ranges.require(embeddingSize >= 1, "embedding_size must be at least 1");
            Ranges.require(hiddenSize >= 1, "hidden_size must be at least 1");
            Ranges.require(numLayers >= 1, "num_layers must be at least 1");
            Ranges.requireRate(embeddingDropout, "embedding_dropout");
            Ranges.requireRate(codeDropout, "code_dropout");
        }

        /**
         * RecBole's defaults, changed as in TTT4Rec's published configuration file, which uses 64 units for every
         * model. RecBole's own value is 128.
         */
        public static Config defaults() {
            return new Config(64, 64, 1, 0.25, 0.5);
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

    private static final int CODE_DROPOUT = 1;

    private final Parameter itemEmbedding;
    private final GruEncoder encoder;
    private final Parameter keyWeight;
    private final Parameter queryWeight;
    private final Parameter scoreWeight;
    private final Parameter outputWeight;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public Narm(Config config, int itemCount) {
        super(config);
        int d = config.embeddingSize();
        int units = config.hiddenSize();
        itemEmbedding =
                parameters.declare("item_embedding.weight", Init.XAVIER_NORMAL.withZeroPadding(), itemCount + 1, d);
        encoder = new GruEncoder(parameters, "gru.", d, units, config.numLayers(), GruEncoder.defaultInit(units));
        keyWeight = parameters.declare("a_1.weight", Init.XAVIER_NORMAL, units, units);
        queryWeight = parameters.declare("a_2.weight", Init.XAVIER_NORMAL, units, units);
        scoreWeight = parameters.declare("v_t.weight", Init.XAVIER_NORMAL, 1, units);
        outputWeight = parameters.declare("b.weight", Init.XAVIER_NORMAL, d, 2 * units);
    }

    @Override
    Parameter itemEmbedding() {
        return itemEmbedding;
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        return forward(tape, batch, null);
    }

    private Tensor forward(Tape tape, SequenceBatch batch, @Nullable State state) {
        Tensor x = Embedding.apply(tape, itemEmbedding, batch.items(), batch.rows());
        x = Dropout.apply(tape, x, (float) config().embeddingDropout(), batch.rowSeeds());
        Tensor hidden = encoder.apply(tape, x, batch.segments(), state == null ? List.of() : state.layers);
        Tensor query = Linear.apply(tape, hidden, queryWeight);
        Tensor key = Linear.apply(tape, hidden, keyWeight);
        Tensor code = NarmAttention.apply(
                tape,
                query,
                key,
                hidden,
                scoreWeight,
                batch.segments(),
                state == null ? List.of() : List.of(state.attention));
        code = Dropout.apply(tape, code, (float) config().codeDropout(), batch.rowSeeds(), CODE_DROPOUT);
        return Linear.apply(tape, code, outputWeight);
    }

    @Override
    public State newState() {
        return new State(encoder.newStates(), NarmAttention.State.initial(config().hiddenSize()));
    }

    @Override
    public Tensor append(Tape tape, SequenceState state, int... items) {
        return forward(tape, SequenceBatch.continuing(items, state.events()), (State) state);
    }

    /** A user's state: the last hidden vector of each layer, and the last layer's hidden vectors of all events. */
    public static final class State implements SequenceState {
        private final List<GruLayer.State> layers;
        private final NarmAttention.State attention;

        private State(List<GruLayer.State> layers, NarmAttention.State attention) {
            this.layers = layers;
            this.attention = attention;
        }

        @Override
        public State copy() {
            return new State(layers.stream().map(GruLayer.State::copy).toList(), attention.copy());
        }

        @Override
        public long bytes() {
            return layers.stream().mapToLong(GruLayer.State::bytes).sum() + attention.bytes();
        }

        @Override
        public void write(StateOutput out) {
            layers.forEach(layer -> layer.write(out));
            attention.write(out);
        }

        @Override
        public void read(StateInput in) {
            layers.forEach(layer -> layer.read(in));
            attention.read(in);
        }

        @Override
        public long events() {
            return attention.length();
        }
    }
}
