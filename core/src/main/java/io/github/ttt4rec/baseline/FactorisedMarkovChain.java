package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Embedding;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;

/**
 * A factorised first-order Markov chain: FPMC (Rendle et al. 2010) without its user factors, FMC in He and McAuley 2016
 * (arXiv 1607.07326). The score of item j after item i is the inner product of i's vector as the last item and j's as
 * the next; items before i do not matter. A network's gain over it shows how much the longer sequence is worth.
 */
public final class FactorisedMarkovChain implements SequenceModel {
    private final Config config;
    private final ParameterSet parameters = new ParameterSet();
    private final Parameter last;
    private final Parameter next;

    /**
     * The settings.
     *
     * @param hiddenSize d, the length of both vectors of an item
     * @param dropout rate on the last item's vector
     */
    public record Config(int hiddenSize, double dropout) implements NetworkConfig {
        public Config {
            Ranges.require(hiddenSize >= 1, "hidden_size must be at least 1");
            Ranges.requireRate(dropout, "dropout");
        }

        /** The hidden size of the other networks, with SASRec's dropout. */
        public static Config defaults() {
            return new Config(64, 0.5);
        }

        @Override
        public String type() {
            return "fmc";
        }

        @Override
        public FactorisedMarkovChain create(int itemCount) {
            return new FactorisedMarkovChain(this, itemCount);
        }
    }

    private FactorisedMarkovChain(Config config, int itemCount) {
        this.config = config;
        last = parameters.declare("last_item.weight", Init.NORMAL_TABLE, itemCount + 1, config.hiddenSize());
        next = parameters.declare("next_item.weight", Init.NORMAL_TABLE, itemCount + 1, config.hiddenSize());
    }

    @Override
    public ParameterSet parameters() {
        return parameters;
    }

    @Override
    public Parameter inputTable() {
        return last;
    }

    @Override
    public Parameter outputTable() {
        return next;
    }

    @Override
    public Tensor encode(Tape tape, SequenceBatch batch) {
        Tensor x = Embedding.apply(tape, last, batch.items(), batch.rows());
        return Dropout.apply(tape, x, (float) config.dropout(), batch.rowSeeds());
    }

    @Override
    public State newState() {
        return new State(0);
    }

    @Override
    public Tensor append(Tape tape, SequenceState state, int... items) {
        State own = (State) state;
        Tensor x = encode(tape, SequenceBatch.continuing(items, own.events));
        own.events += items.length;
        return x;
    }

    /** A user's state, which is only the number of events. */
    public static final class State implements SequenceState {
        private long events;

        private State(long events) {
            this.events = events;
        }

        @Override
        public State copy() {
            return new State(events);
        }

        @Override
        public long events() {
            return events;
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void write(StateOutput out) {
            out.putLong(events);
        }

        @Override
        public void read(StateInput in) {
            events = in.getLong();
        }
    }
}
