package io.github.ttt4rec.baseline;

import io.github.ttt4rec.autograd.Activations;
import io.github.ttt4rec.autograd.Add;
import io.github.ttt4rec.autograd.CausalConvolution;
import io.github.ttt4rec.autograd.Dropout;
import io.github.ttt4rec.autograd.Gates;
import io.github.ttt4rec.autograd.LayerNorm;
import io.github.ttt4rec.autograd.LayerState;
import io.github.ttt4rec.autograd.Linear;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.SelectColumns;
import io.github.ttt4rec.autograd.SelectiveScan;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of Mamba4Rec: the Mamba block (Gu and Dao 2023, arXiv 2312.00752, figure 3), dropout and LayerNorm, then a
 * feed-forward sublayer with a residual connection. If there is more than one layer, the block has a residual
 * connection too.
 */
final class MambaLayer {
    /** A_log is initialised to log 1, log 2, … over the states of each channel ("S4D-real"). */
    private static final Init S4D_REAL = (values, shape, random) -> {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.log(1 + i % shape[1]);
        }
    };

    /** Dropout sites per layer; site 0 is the embedding's. */
    private static final int SITES = 3;

    private final Mamba4Rec.Config config;
    private final int site;
    private final Parameter aLog;
    private final Parameter skip;
    private final Parameter inputMap;
    private final Parameter convolution;
    private final Parameter convolutionBias;
    private final Parameter selectionMap;
    private final Parameter stepMap;
    private final Parameter stepBias;
    private final Parameter outputMap;
    private final Parameter normGain;
    private final Parameter normBias;
    private final Parameter innerMap;
    private final Parameter innerBias;
    private final Parameter outerMap;
    private final Parameter outerBias;
    private final Parameter feedForwardGain;
    private final Parameter feedForwardBias;

    /** One user's state in one layer. */
    record State(CausalConvolution.State convolution, SelectiveScan.State scan) implements LayerState<State> {
        @Override
        public State copy() {
            return new State(convolution.copy(), scan.copy());
        }

        @Override
        public long bytes() {
            return convolution.bytes() + scan.bytes();
        }

        @Override
        public void write(StateOutput out) {
            convolution.write(out);
            scan.write(out);
        }

        @Override
        public void read(StateInput in) {
            convolution.read(in);
            scan.read(in);
        }
    }

    MambaLayer(ParameterSet set, int layer, Mamba4Rec.Config config) {
        this.config = config;
        site = 1 + layer * SITES;
        int d = config.hiddenSize();
        int channels = config.channels();
        int rank = config.stepRank();
        String prefix = "mamba_layers." + layer + ".";
        String mamba = prefix + "mamba.";
        aLog = set.declare(mamba + "A_log", S4D_REAL, channels, config.dState());
        skip = set.declare(mamba + "D", Init.ONE, channels);
        inputMap = set.declare(mamba + "in_proj.weight", Init.NORMAL, 2 * channels, d);
        convolution = set.declare(mamba + "conv1d.weight", Init.UNIFORM_FAN_IN, channels, 1, config.dConv());
        convolutionBias = set.declare(mamba + "conv1d.bias", Init.uniform(1 / Math.sqrt(config.dConv())), channels);
        selectionMap = set.declare(mamba + "x_proj.weight", Init.NORMAL, rank + 2 * config.dState(), channels);
        stepMap = set.declare(mamba + "dt_proj.weight", Init.NORMAL, channels, rank);
        // Mamba initialises this bias so that steps lie between 0.001 and 0.1, but the published code of Mamba4Rec then
        // reinitialises every linear map, including this one.
        stepBias = set.declare(mamba + "dt_proj.bias", Init.ZERO, channels);
        outputMap = set.declare(mamba + "out_proj.weight", Init.NORMAL, d, channels);
        normGain = set.declare(prefix + "LayerNorm.weight", Init.ONE, d);
        normBias = set.declare(prefix + "LayerNorm.bias", Init.ZERO, d);
        innerMap = set.declare(prefix + "ffn.w_1.weight", Init.NORMAL, 4 * d, d);
        innerBias = set.declare(prefix + "ffn.w_1.bias", Init.ZERO, 4 * d);
        outerMap = set.declare(prefix + "ffn.w_2.weight", Init.NORMAL, d, 4 * d);
        outerBias = set.declare(prefix + "ffn.w_2.bias", Init.ZERO, d);
        feedForwardGain = set.declare(prefix + "ffn.LayerNorm.weight", Init.ONE, d);
        feedForwardBias = set.declare(prefix + "ffn.LayerNorm.bias", Init.ZERO, d);
    }

    State newState() {
        return new State(
                CausalConvolution.State.initial(config.dConv(), config.channels()),
                SelectiveScan.State.initial(config.channels(), config.dState()));
    }

    /** The layer's output {@code (N, d)}. If a state is given, the batch is one sequence that continues from it. */
    Tensor apply(Tape tape, Tensor input, SequenceBatch batch, @Nullable State state) {
        Tensor x = dropout(tape, mamba(tape, input, batch, state), batch, 0);
        if (config.numLayers() > 1) {
            x = Add.apply(tape, input, x);
        }
        return feedForward(tape, LayerNorm.apply(tape, x, normGain, normBias, Mamba4Rec.EPSILON), batch);
    }

    private Tensor mamba(Tape tape, Tensor input, SequenceBatch batch, @Nullable State state) {
        int channels = config.channels();
        int rank = config.stepRank();
        int n = config.dState();
        Tensor both = Linear.apply(tape, input, inputMap);
        Tensor x = SelectColumns.apply(tape, both, 0, channels);
        Tensor gate = SelectColumns.apply(tape, both, channels, channels);
        x = CausalConvolution.apply(
                tape,
                x,
                batch.segments(),
                convolution,
                convolutionBias,
                state == null ? List.of() : List.of(state.convolution));
        x = Activations.silu(tape, x);
        Tensor selection = Linear.apply(tape, x, selectionMap);
        Tensor step = Linear.apply(tape, SelectColumns.apply(tape, selection, 0, rank), stepMap, stepBias);
        Tensor scanned = SelectiveScan.apply(
                tape,
                new SelectiveScan.Inputs(
                        x,
                        Activations.softplus(tape, step),
                        SelectColumns.apply(tape, selection, rank, n),
                        SelectColumns.apply(tape, selection, rank + n, n)),
                batch.segments(),
                new SelectiveScan.Weights(aLog, skip),
                state == null ? List.of() : List.of(state.scan));
        return Linear.apply(tape, Gates.silu(tape, gate, scanned), outputMap);
    }

    private Tensor feedForward(Tape tape, Tensor input, SequenceBatch batch) {
        Tensor x = Activations.gelu(tape, Linear.apply(tape, input, innerMap, innerBias));
        x = dropout(tape, x, batch, 1);
        x = dropout(tape, Linear.apply(tape, x, outerMap, outerBias), batch, 2);
        x = Add.apply(tape, input, x);
        return LayerNorm.apply(tape, x, feedForwardGain, feedForwardBias, Mamba4Rec.EPSILON);
    }

    private Tensor dropout(Tape tape, Tensor x, SequenceBatch batch, int which) {
        return Dropout.apply(tape, x, (float) config.dropout(), batch.rowSeeds(), site + which);
    }
}
