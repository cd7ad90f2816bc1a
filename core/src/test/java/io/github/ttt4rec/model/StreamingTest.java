package io.github.ttt4rec.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.testing.Numbers;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import io.github.ttt4rec.ttt.TttModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events fed one by one or in chunks of any size give the vectors of one pass over the whole sequence, within 1e-5. */
class StreamingTest {
    private static final int ITEMS = 23;
    /** Each seed gives different weights, another sequence and other chunks. */
    private static final long FIRST_SEED = 100;

    private static final int CHUNKINGS = 6;
    private static final double TOLERANCE = 1e-5;

    @BeforeAll
    static void printSeeds() {
        System.out.println("streaming: seeds " + FIRST_SEED + " .. " + (FIRST_SEED + CHUNKINGS - 1));
    }

    static Stream<TttConfig> configurations() {
        List<TttConfig> all = new ArrayList<>();
        for (InnerModelType layer : InnerModelType.values()) {
            for (Backbone backbone : Backbone.values()) {
                for (int layers = 1; layers <= 2; layers++) {
                    for (boolean preConv : new boolean[] {false, true}) {
                        all.add(config(layer, backbone, layers, preConv));
                    }
                }
            }
        }
        for (InnerModelType layer : InnerModelType.values()) {
            all.add(control(layer, Backbone.TRANSFORMER, 2, false, true));
            all.add(control(layer, Backbone.TRANSFORMER, 1, true, false));
            all.add(control(layer, Backbone.MAMBA, 1, false, false));
        }
        return all.stream();
    }

    private static TttConfig control(
            InnerModelType layer, Backbone backbone, int layers, boolean innerNorm, boolean learnedInnerRate) {
        return config(layer, backbone, layers, true)
                .withMiniBatchSize(4)
                .withInnerNorm(innerNorm)
                .withLearnedInnerRate(learnedInnerRate);
    }

    private static TttConfig config(InnerModelType layer, Backbone backbone, int layers, boolean preConv) {
        int miniBatch = backbone == Backbone.MAMBA ? 4 : 8;
        return new TttConfig(layer, backbone, preConv, layers, 16, 2, 24, miniBatch, 1.0, 1000, 4, 0.2, true);
    }

    /**
     * A model whose parameters are all larger than at the start of training, so that each of them has a visible effect.
     */
    private static TttModel model(TttConfig config, long seed) {
        TttModel model = new TttModel(config, ITEMS);
        Random random = new Random(seed);
        for (Parameter parameter : model.parameters().all()) {
            float centre = parameter.init().equals(Parameter.Init.ONE) ? 1f : 0f;
            // A position scale of 1/8 that moved much more would be clamped to 0, and no mini-batch would influence the
            // next.
            float deviation = parameter.name().endsWith("learnable_token_idx") ? 0.02f : 0.3f;
            for (int i = 0; i < parameter.size(); i++) {
                parameter.value()[i] = centre + deviation * (float) random.nextGaussian();
            }
        }
        model.parameters().updated();
        return model;
    }

    private static int[] items(Random random, int length) {
        return random.ints(length, 1, ITEMS + 1).toArray();
    }

    private static float[] encode(TttModel model, int[] items) {
        Tensor encoded =
                model.encode(Tape.forward(), SequenceBatch.of(items, new Segments(new int[] {0, items.length})));
        return Arrays.copyOf(encoded.data(), encoded.size());
    }

    private static float[] append(TttModel model, Tape tape, SequenceState state, int... items) {
        Tensor appended = model.append(tape, state, items);
        float[] copy = Arrays.copyOf(appended.data(), appended.size());
        tape.reset();
        return copy;
    }

    private static void assertSame(String what, float[] expected, float[] actual) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        assertThat(Numbers.relativeError(Numbers.toDouble(expected), actual))
                .as(what)
                .isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void anyChunkingGivesTheVectorsOfOnePass(TttConfig config) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + CHUNKINGS; seed++) {
            TttModel model = model(config, seed);
            Random random = new Random(seed);
            int[] items = items(random, 1 + random.nextInt(60));
            float[] expected = encode(model, items);
            float[] actual = new float[expected.length];
            TttModel.State state = model.newState();
            Tape tape = Tape.forward();
            List<Integer> chunks = new ArrayList<>();
            for (int from = 0; from < items.length; ) {
                // Mostly single events, sometimes more than a mini-batch.
                int chunk = random.nextBoolean() ? 1 : 1 + random.nextInt(20);
                int to = Math.min(items.length, from + chunk);
                chunks.add(to - from);
                float[] part = append(model, tape, state, Arrays.copyOfRange(items, from, to));
                System.arraycopy(part, 0, actual, from * config.hiddenSize(), part.length);
                assertThat(state.events()).isEqualTo(to);
                from = to;
            }
            assertSame("seed " + seed + ", chunks " + chunks, expected, actual);
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void copyIsIndependent(TttConfig config) {
        long seed = 7;
        TttModel model = model(config, seed);
        Random random = new Random(seed);
        int[] items = items(random, 29);
        int[] other = items(random, 29);
        System.arraycopy(items, 0, other, 0, 11);
        int d = config.hiddenSize();
        Tape tape = Tape.forward();
        TttModel.State state = model.newState();
        append(model, tape, state, Arrays.copyOf(items, 11));
        TttModel.State copy = state.copy();
        assertThat(copy.events()).isEqualTo(11);
        float[] ofCopy = append(model, tape, copy, Arrays.copyOfRange(other, 11, 29));
        assertThat(state.events()).isEqualTo(11);
        assertThat(copy.events()).isEqualTo(29);
        float[] ofOriginal = append(model, tape, state, Arrays.copyOfRange(items, 11, 29));
        assertSame("the copy", Arrays.copyOfRange(encode(model, other), 11 * d, 29 * d), ofCopy);
        assertSame("the original", Arrays.copyOfRange(encode(model, items), 11 * d, 29 * d), ofOriginal);
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void sequencesOfABatchDoNotTouchEachOther(TttConfig config) {
        TttModel model = model(config, 3);
        Random random = new Random(3);
        int[] lengths = {1, 7, 8, 20, 3};
        int[] offsets = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            offsets[s + 1] = offsets[s] + lengths[s];
        }
        int[] items = items(random, offsets[lengths.length]);
        int d = config.hiddenSize();
        Tensor all = model.encode(Tape.forward(), SequenceBatch.of(items, new Segments(offsets)));
        for (int s = 0; s < lengths.length; s++) {
            float[] alone = encode(model, Arrays.copyOfRange(items, offsets[s], offsets[s + 1]));
            assertSame("sequence " + s, alone, Arrays.copyOfRange(all.data(), offsets[s] * d, offsets[s + 1] * d));
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void positionDependsOnNothingAfterIt(TttConfig config) {
        TttModel model = model(config, 4);
        int[] items = items(new Random(4), 30);
        float[] before = encode(model, items);
        items[17] = items[17] % ITEMS + 1;
        float[] after = encode(model, items);
        int d = config.hiddenSize();
        assertThat(Arrays.copyOf(after, 17 * d)).containsExactly(Arrays.copyOf(before, 17 * d));
        assertThat(Arrays.copyOfRange(after, 29 * d, 30 * d))
                .as("the last position sees the change")
                .isNotEqualTo(Arrays.copyOfRange(before, 29 * d, 30 * d));
    }

    /** There is no maximum length, because positions are taken modulo the mini-batch size. */
    @Test
    void longStreamStaysEqual() {
        TttConfig config = config(InnerModelType.LINEAR, Backbone.MAMBA, 1, true);
        TttModel model = model(config, 9);
        int[] items = items(new Random(9), 1500);
        float[] expected = encode(model, items);
        TttModel.State state = model.newState();
        Tape tape = Tape.forward();
        float[] last = {};
        for (int item : items) {
            last = append(model, tape, state, item);
        }
        int d = config.hiddenSize();
        assertSame("event 1500", Arrays.copyOfRange(expected, expected.length - d, expected.length), last);
        assertThat(state.events()).isEqualTo(1500);
        assertThat(state.drift()).isPositive().isEqualTo(state.fastWeights(0).drift());
    }

    @Test
    void baseRateOfZeroFreezesTheFastWeights() {
        TttConfig config =
                new TttConfig(InnerModelType.MLP, Backbone.TRANSFORMER, false, 1, 16, 2, 24, 4, 0, 1000, 4, 0, true);
        TttModel model = model(config, 2);
        TttModel.State state = model.newState();
        append(model, Tape.forward(), state, items(new Random(2), 21));
        assertThat(state.drift()).isZero();
        assertThat(state.events()).isEqualTo(21);
    }
}
