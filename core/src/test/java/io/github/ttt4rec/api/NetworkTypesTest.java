package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The common properties of all networks, checked with default settings and with weights larger than at the start of
 * training.
 */
class NetworkTypesTest {
    private static final int ITEMS = 23;
    private static final long SEED = 41;
    private static final double TOLERANCE = 1e-5;

    static List<String> names() {
        return RecommenderTypes.networks();
    }

    private static SequenceModel model(String type) {
        SequenceModel model = ((NetworkConfig) RecommenderTypes.defaults(type).orElseThrow()).create(ITEMS);
        model.parameters().initialize(SEED);
        Random random = new Random(SEED);
        for (Parameter parameter : model.parameters().all()) {
            for (int i = 0; i < parameter.size(); i++) {
                parameter.value()[i] += 0.1f * (float) random.nextGaussian();
            }
        }
        model.parameters().updated();
        return model;
    }

    /** The vector that scores the item after a history, computed in a separate pass. */
    private static float[] vector(SequenceModel model, int... history) {
        int[] read = switch (model.objective()) {
            case Objective.NextItem causal -> history;
            case Objective.MaskedItem masked -> {
                int[] asked = Arrays.copyOf(history, history.length + 1);
                asked[history.length] = masked.maskToken();
                yield asked;
            }
        };
        Tensor encoded = model.encode(Tape.forward(), SequenceBatch.of(read, new Segments(new int[] {0, read.length})));
        int d = model.hiddenSize();
        return Arrays.copyOfRange(encoded.data(), (read.length - 1) * d, read.length * d);
    }

    private static float[] append(SequenceModel model, SequenceState state, int... items) {
        Tensor appended = model.append(Tape.forward(), state, items);
        return Arrays.copyOf(appended.data(), appended.size());
    }

    private static void assertSame(String what, float[] expected, float[] actual) {
        assertThat(Numbers.relativeError(Numbers.toDouble(expected), actual))
                .as(what)
                .isLessThan(TOLERANCE);
    }

    @Test
    void namesAreDistinctAndFound() {
        assertThat(names())
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(RecommenderTypes.defaults(name))
                        .hasValueSatisfying(config -> assertThat(config.type()).isEqualTo(name)));
        assertThat(RecommenderTypes.defaults("nobody")).isEmpty();
        assertThat(names())
                .allSatisfy(name -> assertThat(RecommenderTypes.defaults(name).map(RecommenderConfig::describe))
                        .hasValueSatisfying(text -> assertThat(text).startsWith(name)));
    }

    /** One event, then six at once, then one: each vector must equal that of a pass over the history so far. */
    @ParameterizedTest
    @MethodSource("names")
    void streamingGivesTheVectorsOfWholePasses(String type) {
        SequenceModel model = model(type);
        int[] items = new Random(SEED).ints(8, 1, ITEMS + 1).toArray();
        int d = model.hiddenSize();
        float[] streamed = new float[items.length * d];
        SequenceState state = model.newState();
        int[] ends = {1, 7, 8};
        for (int chunk = 0, from = 0; chunk < ends.length; from = ends[chunk++]) {
            float[] vectors = append(model, state, Arrays.copyOfRange(items, from, ends[chunk]));
            System.arraycopy(vectors, 0, streamed, from * d, vectors.length);
            assertThat(state.events()).isEqualTo(ends[chunk]);
        }
        for (int t = 0; t < items.length; t++) {
            assertSame(
                    "event " + t,
                    vector(model, Arrays.copyOf(items, t + 1)),
                    Arrays.copyOfRange(streamed, t * d, (t + 1) * d));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void copyOfAStateIsIndependentOfTheOriginal(String type) {
        SequenceModel model = model(type);
        SequenceState state = model.newState();
        append(model, state, 3, 5);
        SequenceState copy = state.copy();
        assertSame("the copy", vector(model, 3, 5, 9), append(model, copy, 9));
        assertThat(state.events()).isEqualTo(2);
        assertSame("the original", vector(model, 3, 5, 11), append(model, state, 11));
    }

    /**
     * After each number of events, the restored state continues with bit-identical results and reports the same last
     * step.
     */
    @ParameterizedTest
    @MethodSource("names")
    void stateIsWrittenAndReadWhole(String type) {
        SequenceModel model = model(type);
        for (int events = 0; events <= 17; events++) {
            SequenceState state = model.newState();
            if (events > 0) {
                append(model, state, new Random(SEED).ints(events, 1, ITEMS + 1).toArray());
            }
            SequenceState read = model.newState();
            append(model, read, 2, 7, 1);
            read.become(state.toBytes());
            assertThat(read.events()).isEqualTo(events);
            assertThat(read.lastStep()).isEqualTo(state.lastStep());
            assertThat(read.toBytes()).isEqualTo(state.toBytes());
            assertThat(append(model, read, 9, 4)).as("after %d", events).isEqualTo(append(model, state, 9, 4));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void bytesOfAnotherLengthAreRefused(String type) {
        SequenceModel model = model(type);
        SequenceState state = model.newState();
        append(model, state, 3, 5, 8);
        byte[] bytes = state.toBytes();
        for (int length : new int[] {0, bytes.length - 1, bytes.length + 1}) {
            SequenceState other = model.newState();
            assertThatThrownBy(() -> other.become(Arrays.copyOf(bytes, length)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a state of this network");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void paddingStartsAtZeroAndItemsDoNot(String type) {
        SequenceModel model = ((NetworkConfig) RecommenderTypes.defaults(type).orElseThrow()).create(ITEMS);
        model.parameters().initialize(SEED);
        int d = model.inputTable().extent(1);
        assertThat(Arrays.copyOf(model.inputTable().value(), d)).containsOnly(0f);
        for (int item = 1; item <= ITEMS; item++) {
            assertThat(Arrays.copyOfRange(model.inputTable().value(), item * d, (item + 1) * d))
                    .as("item %d", item)
                    .doesNotContain(0f);
        }
        assertThat(model.itemCount()).isEqualTo(ITEMS);
    }
}
