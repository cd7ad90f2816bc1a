package io.github.ttt4rec.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.testing.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SASRec, HSTU, BERT4Rec and Mamba4Rec: streaming, causality, scoring and initialisation. */
class EncoderModelsTest {
    private static final int ITEMS = 23;
    private static final int MAX_LEN = 12;
    private static final long FIRST_SEED = 300;
    private static final double TOLERANCE = 1e-5;

    private static final SasRec.Config SASREC = new SasRec.Config(2, 2, 16, 24, 0.3, 0.3, MAX_LEN);
    private static final Hstu.Config HSTU = new Hstu.Config(2, 2, 16, 0.3, MAX_LEN);
    private static final Bert4Rec.Config BERT4REC = new Bert4Rec.Config(2, 2, 16, 24, 0.3, 0.3, 0.2, 0.5, MAX_LEN);
    private static final Mamba4Rec.Config MAMBA4REC = new Mamba4Rec.Config(1, 16, 4, 4, 2, 0.3);
    private static final Mamba4Rec.Config MAMBA4REC_2 = new Mamba4Rec.Config(2, 24, 5, 3, 1, 0.3);

    static Stream<NetworkConfig> all() {
        return Stream.of(SASREC, HSTU, BERT4REC, MAMBA4REC, MAMBA4REC_2);
    }

    static Stream<NetworkConfig> causal() {
        return Stream.of(SASREC, HSTU, MAMBA4REC, MAMBA4REC_2);
    }

    /**
     * A model whose parameters are all larger than at the start of training, so that each of them has a visible effect.
     */
    private static SequenceModel model(NetworkConfig config, long seed) {
        SequenceModel model = config.create(ITEMS);
        Random random = new Random(seed);
        for (Parameter parameter : model.parameters().all()) {
            float centre = parameter.init().equals(Parameter.Init.ONE) ? 1f : 0f;
            for (int i = 0; i < parameter.size(); i++) {
                parameter.value()[i] = centre + 0.3f * (float) random.nextGaussian();
            }
        }
        model.parameters().updated();
        return model;
    }

    private static int[] items(Random random, int length) {
        return random.ints(length, 1, ITEMS + 1).toArray();
    }

    private static float[] encode(SequenceModel model, int... items) {
        Tensor encoded =
                model.encode(Tape.forward(), SequenceBatch.of(items, new Segments(new int[] {0, items.length})));
        return Arrays.copyOf(encoded.data(), encoded.size());
    }

    /** The vector that scores the item after a history, computed in a separate pass. */
    private static float[] lastVector(SequenceModel model, int[] history) {
        int[] read = switch (model.objective()) {
            case Objective.NextItem causal ->
                Arrays.copyOfRange(history, Math.max(0, history.length - model.maxLength()), history.length);
            case Objective.MaskedItem masked -> {
                int from = Math.max(0, history.length - (model.maxLength() - 1));
                int[] asked = Arrays.copyOfRange(history, from, history.length + 1);
                asked[asked.length - 1] = masked.maskToken();
                yield asked;
            }
        };
        int d = model.hiddenSize();
        return Arrays.copyOfRange(encode(model, read), (read.length - 1) * d, read.length * d);
    }

    private static void assertSame(String what, float[] expected, float[] actual) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        assertThat(Numbers.relativeError(Numbers.toDouble(expected), actual))
                .as(what)
                .isLessThan(TOLERANCE);
    }

    /**
     * Histories shorter and longer than a Transformer's number of positions; Mamba4Rec continues its state through all
     * of them.
     */
    @ParameterizedTest
    @MethodSource("all")
    void anyChunkingGivesTheVectorsOfEachHistory(NetworkConfig config) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 5; seed++) {
            SequenceModel model = model(config, seed);
            Random random = new Random(seed);
            int[] items = items(random, 1 + random.nextInt(3 * MAX_LEN));
            int d = model.hiddenSize();
            SequenceState state = model.newState();
            Tape tape = Tape.forward();
            List<Integer> chunks = new ArrayList<>();
            for (int from = 0; from < items.length; ) {
                int to = Math.min(items.length, from + (random.nextBoolean() ? 1 : 1 + random.nextInt(2 * MAX_LEN)));
                chunks.add(to - from);
                Tensor appended = model.append(tape, state, Arrays.copyOfRange(items, from, to));
                assertThat(appended.rows()).isEqualTo(to - from);
                for (int t = from; t < to; t++) {
                    assertSame(
                            "seed " + seed + ", event " + t + ", chunks " + chunks,
                            lastVector(model, Arrays.copyOf(items, t + 1)),
                            Arrays.copyOfRange(appended.data(), (t - from) * d, (t - from + 1) * d));
                }
                tape.reset();
                assertThat(state.events()).isEqualTo(to);
                from = to;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void copyIsIndependent(NetworkConfig config) {
        SequenceModel model = model(config, 7);
        Random random = new Random(7);
        int[] items = items(random, 20);
        Tape tape = Tape.forward();
        SequenceState state = model.newState();
        model.append(tape, state, Arrays.copyOf(items, 9));
        SequenceState copy = state.copy();
        model.append(tape, copy, 1, 2, 3, 4, 5);
        assertThat(state.events()).isEqualTo(9);
        assertThat(copy.events()).isEqualTo(14);
        tape.reset();
        float[] last = {};
        for (int t = 9; t < 20; t++) {
            last = Arrays.copyOf(model.append(tape, state, items[t]).data(), model.hiddenSize());
            tape.reset();
        }
        assertSame("the original", lastVector(model, items), last);
    }

    @ParameterizedTest
    @MethodSource("all")
    void sequencesOfABatchDoNotTouchEachOther(NetworkConfig config) {
        SequenceModel model = model(config, 3);
        int[] offsets = {0, 1, 8, 20, 23};
        int[] items = items(new Random(3), 23);
        int d = model.hiddenSize();
        Tensor together = model.encode(Tape.forward(), SequenceBatch.of(items, new Segments(offsets)));
        for (int s = 0; s < 4; s++) {
            float[] alone = encode(model, Arrays.copyOfRange(items, offsets[s], offsets[s + 1]));
            assertSame("sequence " + s, alone, Arrays.copyOfRange(together.data(), offsets[s] * d, offsets[s + 1] * d));
        }
    }

    @ParameterizedTest
    @MethodSource("causal")
    void causalPositionDependsOnNothingAfterIt(NetworkConfig config) {
        SequenceModel model = model(config, 4);
        int[] items = items(new Random(4), MAX_LEN);
        float[] before = encode(model, items);
        items[7] = items[7] % ITEMS + 1;
        float[] after = encode(model, items);
        int d = model.hiddenSize();
        assertThat(Arrays.copyOf(after, 7 * d)).containsExactly(Arrays.copyOf(before, 7 * d));
        assertThat(Arrays.copyOfRange(after, 11 * d, 12 * d))
                .as("the last position sees the change")
                .isNotEqualTo(Arrays.copyOfRange(before, 11 * d, 12 * d));
    }

    @Test
    void bert4RecSeesBothSides() {
        SequenceModel model = model(BERT4REC, 4);
        int[] items = items(new Random(4), MAX_LEN);
        float[] before = encode(model, items);
        items[7] = items[7] % ITEMS + 1;
        float[] after = encode(model, items);
        int d = model.hiddenSize();
        assertThat(Arrays.copyOf(after, d)).isNotEqualTo(Arrays.copyOf(before, d));
    }

    /** The mask and padding have rows in the table, but the mask has no score, and neither is counted as an item. */
    @Test
    void maskIsNoItem() {
        SequenceModel model = model(BERT4REC, 5);
        assertThat(model.itemCount()).isEqualTo(ITEMS);
        assertThat(model.inputTable().extent(0)).isEqualTo(ITEMS + 2);
        assertThat(model.objective()).isEqualTo(new Objective.MaskedItem(ITEMS + 1, 0.2, 0.5));
        int d = model.hiddenSize();
        float[] hidden = lastVector(model, new int[] {3, 1, 4});
        float[] scores = new float[ITEMS + 1];
        model.outputLayer().score(1, hidden, scores);
        float[] table = model.outputTable().value();
        float[] bias = model.parameters().get("output_bias").value();
        for (int item = 0; item <= ITEMS; item++) {
            double expected = bias[item];
            for (int c = 0; c < d; c++) {
                expected += (double) hidden[c] * table[item * d + c];
            }
            assertThat(Math.abs(scores[item] - expected)).isLessThan(1e-4);
        }
    }

    @Test
    void sequencesBeyondTheKnownPositionsAreRefused() {
        for (NetworkConfig config : List.of(SASREC, HSTU, BERT4REC)) {
            SequenceModel model = model(config, 6);
            assertThat(model.maxLength()).isEqualTo(MAX_LEN);
            assertThatThrownBy(() -> encode(model, items(new Random(6), MAX_LEN + 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("position " + MAX_LEN);
        }
    }

    /**
     * Dropout acts only if the tape records, differently at each of a model's sites, and always alike for the same
     * seeds.
     */
    @ParameterizedTest
    @MethodSource("all")
    void dropoutIsOnInTrainingOnly(NetworkConfig config) {
        SequenceModel model = model(config, 8);
        int[] items = items(new Random(8), 6);
        Segments segments = new Segments(new int[] {0, 6});
        int[] positions = {0, 1, 2, 3, 4, 5};
        long[] seeds = new Random(8).longs(6).toArray();
        SequenceBatch batch = new SequenceBatch(items, positions, seeds, segments);
        Tensor first = model.encode(Tape.recording(model.parameters()), batch);
        Tensor second = model.encode(Tape.recording(model.parameters()), batch);
        float[] dropped = Arrays.copyOf(first.data(), first.size());
        assertThat(Arrays.copyOf(second.data(), second.size())).containsExactly(dropped);
        assertThat(dropped).isNotEqualTo(encode(model, items));
    }

    // Initialisation and default settings

    @Test
    void defaultsAreThePublishedOnes() {
        assertThat(SasRec.Config.defaults()).isEqualTo(new SasRec.Config(2, 2, 64, 256, 0.5, 0.5, 50));
        assertThat(Bert4Rec.Config.defaults()).isEqualTo(new Bert4Rec.Config(2, 2, 64, 256, 0.2, 0.2, 0.2, 0.5, 50));
        assertThat(Mamba4Rec.Config.defaults()).isEqualTo(new Mamba4Rec.Config(1, 64, 32, 4, 2, 0.2));
        assertThat(Mamba4Rec.Config.defaults().stepRank()).isEqualTo(4);
        assertThat(Hstu.Config.defaults()).isEqualTo(new Hstu.Config(2, 1, 64, 0.2, 50));
        assertThat(all().map(NetworkConfig::type))
                .containsExactly("sasrec", "hstu", "bert4rec", "mamba4rec", "mamba4rec");
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyParameterStartsAsPublished(NetworkConfig config) {
        SequenceModel model = config.create(ITEMS);
        model.parameters().initialize(11);
        for (Parameter parameter : model.parameters().all()) {
            String name = parameter.name();
            float[] value = parameter.value();
            if (name.endsWith("A_log")) {
                int states = parameter.extent(1);
                for (int i = 0; i < value.length; i++) {
                    assertThat(value[i]).isEqualTo((float) Math.log(1 + i % states));
                }
            } else if (name.contains("conv1d")) {
                double bound = 1 / Math.sqrt(((Mamba4Rec.Config) config).dConv());
                assertThat(Numbers.largest(Numbers.toDouble(value))).isBetween(0.7 * bound, bound);
            } else if (name.endsWith("bias")) {
                assertThat(value).as(name).containsOnly(0f);
            } else if (name.endsWith(".D")
                    || name.contains("LayerNorm")
                    || name.contains("output_ln")
                    || name.contains("norm.")) {
                assertThat(value).as(name).containsOnly(1f);
            } else {
                double squares = 0;
                for (float v : value) {
                    squares += v * v;
                }
                // Four standard errors of an estimated standard deviation.
                double tolerance = 0.02 * 4 / Math.sqrt(2.0 * value.length);
                assertThat(Math.sqrt(squares / value.length)).as(name).isCloseTo(0.02, within(tolerance));
            }
        }
        assertThat(Arrays.copyOf(model.inputTable().value(), model.hiddenSize()))
                .containsOnly(0f);
    }

    @Test
    void wrongConfigurationsAreRefused() {
        List<Runnable> wrong = List.of(
                () -> new SasRec.Config(0, 2, 16, 24, 0, 0, 10),
                () -> new SasRec.Config(1, 3, 16, 24, 0, 0, 10),
                () -> new SasRec.Config(1, 2, 16, 0, 0, 0, 10),
                () -> new SasRec.Config(1, 2, 16, 24, 1, 0, 10),
                () -> new SasRec.Config(1, 2, 16, 24, 0, -0.1, 10),
                () -> new SasRec.Config(1, 2, 16, 24, 0, 0, 0),
                () -> new Hstu.Config(1, 3, 16, 0, 10),
                () -> new Hstu.Config(1, 2, 16, 1, 10),
                () -> new Bert4Rec.Config(1, 2, 16, 24, 0, 0, 0, 0.5, 10),
                () -> new Bert4Rec.Config(1, 2, 16, 24, 0, 0, 0.2, 1.5, 10),
                () -> new Bert4Rec.Config(1, 2, 16, 24, 0, 0, 0.2, 0.5, 1),
                () -> new Mamba4Rec.Config(0, 16, 4, 4, 2, 0),
                () -> new Mamba4Rec.Config(1, 16, 0, 4, 2, 0),
                () -> new Mamba4Rec.Config(1, 16, 4, 0, 2, 0),
                () -> new Mamba4Rec.Config(1, 16, 4, 4, 0, 0),
                () -> new Mamba4Rec.Config(1, 16, 4, 4, 2, 1));
        for (Runnable make : wrong) {
            assertThatThrownBy(make::run).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
