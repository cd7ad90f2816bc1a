package io.github.ttt4rec.ttt;

import static io.github.ttt4rec.ttt.TttConfig.EMBEDDING_NORM_EPSILON;
import static io.github.ttt4rec.ttt.TttConfig.RMS_NORM_EPSILON;

import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Embedding;
import io.github.ttt4rec.autograd.KindEmbedding;
import io.github.ttt4rec.autograd.LayerNorm;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.RmsNorm;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** TTT4Rec (Yang, Wang, Ge 2024, arXiv 2409.19142), with the published code's parameter names. */
public final class TttModel implements SequenceModel {
    private final TttConfig config;
    private final ParameterSet parameters;
    private final Parameter itemEmbedding;
    private final Parameter normGain;
    private final Parameter normBias;
    private final List<TttBlock> blocks = new ArrayList<>();
    private final Parameter finalGain;
    private final @Nullable Parameter output;
    /** Null if the network does not read the kinds of events. */
    private final @Nullable Parameter kindEmbedding;

    /** A model for V = {@code itemCount} items; its parameters are zero until initialised or loaded. */
    public TttModel(TttConfig config, int itemCount) {
        this(config, itemCount, new ParameterSet());
    }

    private TttModel(TttConfig config, int itemCount, ParameterSet parameters) {
        this.config = config;
        this.parameters = parameters;
        int d = config.hiddenSize();
        itemEmbedding = parameters.declare("item_embedding.weight", Init.NORMAL_TABLE, itemCount + 1, d);
        normGain = parameters.declare("LayerNorm.weight", Init.ONE, d);
        normBias = parameters.declare("LayerNorm.bias", Init.ZERO, d);
        for (int layer = 0; layer < config.numLayers(); layer++) {
            blocks.add(new TttBlock(parameters, "ttt_layers.layers." + layer + ".", config));
        }
        finalGain = parameters.declare("ttt_layers.norm.weight", Init.ONE, d);
        output = config.tieOutput() ? null : parameters.declare("output.weight", Init.NORMAL_TABLE, itemCount + 1, d);
        kindEmbedding = config.typeFeature()
                ? parameters.declare("kind_embedding.weight", Init.ZERO, EventTokens.MAX_KINDS, d)
                : null;
    }

    public TttConfig config() {
        return config;
    }

    /** This network with an inner learning rate of 0, so that the fast weights never change. The weights are shared. */
    public TttModel frozen() {
        return new TttModel(config.withBaseLr(0), itemCount(), ParameterSet.sharing(parameters));
    }

    @Override
    public ParameterSet parameters() {
        return parameters;
    }

    @Override
    public Parameter inputTable() {
        return itemEmbedding;
    }

    @Override
    public Parameter outputTable() {
        return output == null ? itemEmbedding : output;
    }

    @Override
    public boolean readsKinds() {
        return kindEmbedding != null;
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        return forward(tape, batch, null);
    }

    private Tensor forward(Tape tape, SequenceBatch batch, @Nullable State state) {
        Tensor x = kindEmbedding == null
                ? Embedding.apply(tape, itemEmbedding, batch.items(), batch.rows())
                : KindEmbedding.apply(
                        tape, itemEmbedding, kindEmbedding, batch.items(), batch.rows(), EventTokens.ITEM_BITS);
        x = Dropout.apply(tape, x, (float) config.dropout(), batch.rowSeeds());
        x = LayerNorm.apply(tape, x, normGain, normBias, EMBEDDING_NORM_EPSILON);
        for (int layer = 0; layer < blocks.size(); layer++) {
            x = blocks.get(layer).apply(tape, x, batch, state == null ? null : state.blocks.get(layer));
        }
        return RmsNorm.apply(tape, x, finalGain, RMS_NORM_EPSILON);
    }

    @Override
    public State newState() {
        return new State(blocks.stream().map(TttBlock::newState).toList());
    }

    @Override
    public Tensor append(Tape tape, SequenceState state, int... items) {
        if (items.length == 1) {
            return forward(
                    tape, tape.scratch(this, Event.class, model -> new Event()).batch(items[0], state), (State) state);
        }
        return forward(tape, SequenceBatch.continuing(items, state.events()), (State) state);
    }

    /** The batch of a single event, reused for all events. */
    private static final class Event {
        private final SequenceBatch batch = SequenceBatch.continuing(new int[1], 0);

        SequenceBatch batch(int item, SequenceState state) {
            batch.items()[0] = item;
            batch.positions()[0] = Math.toIntExact(state.events());
            return batch;
        }
    }

    /** A user's state, which consists of one state for each block. */
    public static final class State implements SequenceState {
        private final List<TttBlock.State> blocks;

        private State(List<TttBlock.State> blocks) {
            this.blocks = blocks;
        }

        @Override
        public State copy() {
            return new State(blocks.stream().map(TttBlock.State::copy).toList());
        }

        @Override
        public long bytes() {
            return blocks.stream().mapToLong(TttBlock.State::bytes).sum();
        }

        @Override
        public void write(StateOutput out) {
            blocks.forEach(block -> block.write(out));
        }

        @Override
        public void read(StateInput in) {
            blocks.forEach(block -> block.read(in));
        }

        @Override
        public Optional<InnerStep> lastStep() {
            if (events() == 0) {
                return Optional.empty();
            }
            double loss = 0;
            double squaredChange = 0;
            for (TttBlock.State block : blocks) {
                loss += block.fastWeights().loss();
                squaredChange += block.fastWeights().squaredChange();
            }
            return Optional.of(new InnerStep(loss / blocks.size(), Math.sqrt(squaredChange)));
        }

        @Override
        public long events() {
            return blocks.getFirst().fastWeights().events();
        }

        /** The fast weights of block {@code layer}. */
        public FastWeights fastWeights(int layer) {
            return blocks.get(layer).fastWeights();
        }

        /** The Euclidean distance of the fast weights from W_0, over all blocks. */
        public double drift() {
            return Math.sqrt(IntStream.range(0, blocks.size())
                    .mapToDouble(layer -> fastWeights(layer).drift())
                    .map(x -> x * x)
                    .sum());
        }
    }
}
