package io.github.ttt4rec.ttt;

import static io.github.ttt4rec.ttt.TttConfig.POST_NORM_EPSILON;
import static io.github.ttt4rec.ttt.TttConfig.RMS_NORM_EPSILON;

import io.github.ttt4rec.autograd.Add;
import io.github.ttt4rec.autograd.CausalConvolution;
import io.github.ttt4rec.autograd.Gates;
import io.github.ttt4rec.autograd.LayerNorm;
import io.github.ttt4rec.autograd.Linear;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Parameter.Init;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.RmsNorm;
import io.github.ttt4rec.autograd.RotaryEmbedding;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceBatch;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One pre-norm residual block: an optional convolution, the TTT layer and SwiGLU. */
final class TttBlock {
    private final TttConfig config;
    private final TttParameters ttt;
    private final RotaryEmbedding rotary;
    private final Parameter queryWeight;
    private final Parameter valueWeight;
    private final Parameter outputWeight;
    private final Parameter postGain;
    private final Parameter postBias;
    private final Parameter gateProjection;
    private final Parameter upProjection;
    private final Parameter downProjection;
    private final Parameter sequenceGain;
    private final Parameter feedForwardGain;
    /** Null if the inner learning rate is fixed. */
    private final @Nullable Rate rate;
    /** The key projection of the Transformer backbone; null with Mamba. */
    private final @Nullable Parameter keyWeight;

    private final @Nullable MambaParts mamba;
    private final @Nullable PreConvolution preConvolution;

    private record Convolution(Parameter weight, Parameter bias) {
        static Convolution declare(ParameterSet set, String prefix, TttConfig config) {
            return new Convolution(
                    set.declare(prefix + "weight", Init.UNIFORM_FAN_IN, config.hiddenSize(), 1, config.convKernel()),
                    set.declare(prefix + "bias", Init.ZERO, config.hiddenSize()));
        }

        Tensor apply(Tape tape, Tensor x, Segments segments, CausalConvolution.@Nullable State state) {
            return CausalConvolution.apply(tape, x, segments, weight, bias, state == null ? List.of() : List.of(state));
        }
    }

    private record Rate(Parameter weight, Parameter bias) {}

    private record MambaParts(Convolution query, Convolution key, Parameter gate) {}

    private record PreConvolution(Parameter gain, Convolution convolution) {}

    /** One user's state in one block; the states of convolutions that the block does not have are null. */
    record State(
            FastWeights fastWeights,
            CausalConvolution.@Nullable State preConvolution,
            CausalConvolution.@Nullable State query,
            CausalConvolution.@Nullable State key) {
        State copy() {
            return new State(
                    fastWeights.copy(),
                    preConvolution == null ? null : preConvolution.copy(),
                    query == null ? null : query.copy(),
                    key == null ? null : key.copy());
        }

        long bytes() {
            return fastWeights.bytes() + bytes(preConvolution) + bytes(query) + bytes(key);
        }

        void write(StateOutput out) {
            fastWeights.write(out);
            convolutions().forEach(convolution -> convolution.write(out));
        }

        void read(StateInput in) {
            fastWeights.read(in);
            convolutions().forEach(convolution -> convolution.read(in));
        }

        /** The states of the convolutions that the block has. */
        private Stream<CausalConvolution.State> convolutions() {
            return Stream.of(Optional.ofNullable(preConvolution), Optional.ofNullable(query), Optional.ofNullable(key))
                    .flatMap(Optional::stream);
        }

        private static long bytes(CausalConvolution.@Nullable State convolution) {
            return convolution == null ? 0 : convolution.bytes();
        }
    }

    TttBlock(ParameterSet set, String prefix, TttConfig config) {
        this.config = config;
        int d = config.hiddenSize();
        int heads = config.numHeads();
        boolean isMamba = config.backbone() == TttConfig.Backbone.MAMBA;
        String block = prefix + "seq_modeling_block.";
        ttt = TttParameters.declare(
                set,
                block,
                config.layer(),
                heads,
                config.headSize(),
                config.miniBatchSize(),
                config.learnedInnerRate(),
                config.innerNorm());
        rotary = RotaryEmbedding.of(config.miniBatchSize(), config.headSize(), config.ropeTheta());
        rate = config.learnedInnerRate()
                ? new Rate(
                        set.declare(block + "learnable_ttt_lr_weight", Init.NORMAL, heads, 1, d),
                        set.declare(block + "learnable_ttt_lr_bias", Init.ZERO, heads, 1))
                : null;
        queryWeight = set.declare(block + "q_proj.weight", Init.NORMAL, d, d);
        keyWeight = isMamba ? null : set.declare(block + "k_proj.weight", Init.NORMAL, d, d);
        valueWeight = set.declare(block + "v_proj.weight", Init.NORMAL, d, d);
        outputWeight = set.declare(block + "o_proj.weight", Init.NORMAL, d, d);
        mamba = isMamba
                ? new MambaParts(
                        Convolution.declare(set, block + "conv_q.", config),
                        Convolution.declare(set, block + "conv_k.", config),
                        set.declare(block + "g_proj.weight", Init.NORMAL, d, d))
                : null;
        postGain = set.declare(block + "post_norm.weight", Init.ONE, d);
        postBias = set.declare(block + "post_norm.bias", Init.ZERO, d);
        gateProjection = set.declare(prefix + "mlp.gate_proj.weight", Init.NORMAL, config.intermediateSize(), d);
        upProjection = set.declare(prefix + "mlp.up_proj.weight", Init.NORMAL, config.intermediateSize(), d);
        downProjection = set.declare(prefix + "mlp.down_proj.weight", Init.NORMAL, d, config.intermediateSize());
        preConvolution = config.preConv()
                ? new PreConvolution(
                        set.declare(prefix + "conv.norm.weight", Init.ONE, d),
                        Convolution.declare(set, prefix + "conv.conv.", config))
                : null;
        sequenceGain = set.declare(prefix + "seq_norm.weight", Init.ONE, d);
        feedForwardGain = set.declare(prefix + "ffn_norm.weight", Init.ONE, d);
    }

    State newState() {
        return new State(
                FastWeights.initial(ttt),
                preConvolution == null ? null : newConvolutionState(),
                mamba == null ? null : newConvolutionState(),
                mamba == null ? null : newConvolutionState());
    }

    private CausalConvolution.State newConvolutionState() {
        return CausalConvolution.State.initial(config.convKernel(), config.hiddenSize());
    }

    /** The block's output {@code (N, d)}. If a state is given, the batch is one sequence that continues from it. */
    Tensor apply(Tape tape, Tensor input, SequenceBatch batch, @Nullable State state) {
        Tensor x = input;
        if (preConvolution != null) {
            Tensor normed = RmsNorm.apply(tape, x, preConvolution.gain, RMS_NORM_EPSILON);
            x = Add.apply(
                    tape,
                    x,
                    preConvolution.convolution.apply(
                            tape, normed, batch.segments(), state == null ? null : state.preConvolution));
        }
        x = Add.apply(tape, x, ttt(tape, RmsNorm.apply(tape, x, sequenceGain, RMS_NORM_EPSILON), batch, state));
        return Add.apply(tape, x, swiGlu(tape, RmsNorm.apply(tape, x, feedForwardGain, RMS_NORM_EPSILON)));
    }

    private Tensor ttt(Tape tape, Tensor x, SequenceBatch batch, @Nullable State state) {
        Tensor query = Linear.apply(tape, x, queryWeight);
        Tensor key;
        if (mamba != null) {
            Tensor shared = query;
            query = mamba.query.apply(tape, shared, batch.segments(), state == null ? null : state.query);
            key = mamba.key.apply(tape, shared, batch.segments(), state == null ? null : state.key);
        } else {
            key = Linear.apply(tape, x, Objects.requireNonNull(keyWeight));
        }
        Tensor value = Linear.apply(tape, x, valueWeight);
        query = rotary.apply(tape, query, batch.positions());
        key = rotary.apply(tape, key, batch.positions());
        float factor = (float) (config.baseLr() / config.headSize());
        Tensor rates = rate == null
                ? InnerLearningRate.fixed(tape, x.rows(), config.numHeads(), factor)
                : InnerLearningRate.apply(tape, x, rate.weight, rate.bias, factor);
        Tensor scanned = state == null
                ? TttScan.apply(tape, query, key, value, rates, batch.segments(), ttt)
                : TttScan.stream(tape, query, key, value, rates, ttt, state.fastWeights);
        Tensor normed = LayerNorm.apply(tape, scanned, postGain, postBias, POST_NORM_EPSILON);
        if (mamba != null) {
            normed = Gates.gelu(tape, Linear.apply(tape, x, mamba.gate), normed);
        }
        return Linear.apply(tape, normed, outputWeight);
    }

    private Tensor swiGlu(Tape tape, Tensor x) {
        Tensor gate = Linear.apply(tape, x, gateProjection);
        Tensor up = Linear.apply(tape, x, upProjection);
        return Linear.apply(tape, Gates.silu(tape, gate, up), downProjection);
    }
}
