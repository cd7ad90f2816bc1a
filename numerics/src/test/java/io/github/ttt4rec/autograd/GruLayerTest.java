package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.Numbers;
import io.github.ttt4rec.testing.OperationCheck;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the recurrent layer with PyTorch's equations in double, one sequence and one step at a time. */
class GruLayerTest {
    private static final long SEED = 1409;

    /** Lengths in no order, some of them equal, with a sequence of one row and an empty one. */
    private static final Segments SEGMENTS = new Segments(new int[] {0, 2, 7, 8, 8, 13, 16});

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Computes the hidden vectors from x, W_i, W_h and, if there are biases, b_i and b_h. */
    private static double[] reference(Segments segments, int in, int units, double[][] v) {
        double[] y = new double[segments.rows() * units];
        for (int s = 0; s < segments.count(); s++) {
            double[] h = new double[units];
            for (int t = segments.start(s); t < segments.start(s) + segments.length(s); t++) {
                double[] a = new double[3 * units];
                double[] b = new double[3 * units];
                for (int o = 0; o < 3 * units; o++) {
                    a[o] = v.length > 3 ? v[3][o] : 0;
                    b[o] = v.length > 3 ? v[4][o] : 0;
                    for (int i = 0; i < in; i++) {
                        a[o] += v[1][o * in + i] * v[0][t * in + i];
                    }
                    for (int i = 0; i < units; i++) {
                        b[o] += v[2][o * units + i] * h[i];
                    }
                }
                for (int i = 0; i < units; i++) {
                    double reset = sigmoid(a[i] + b[i]);
                    double update = sigmoid(a[units + i] + b[units + i]);
                    double candidate = Math.tanh(a[2 * units + i] + reset * b[2 * units + i]);
                    h[i] = (1 - update) * candidate + update * h[i];
                }
                System.arraycopy(h, 0, y, t * units, units);
            }
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "5, 4", "2, 17", "33, 5"})
    void withoutBias(int in, int units) {
        OperationCheck check = new OperationCheck("GRU", SEED).input("x", SEGMENTS.rows(), in, 1f);
        GruLayer.Weights weights = new GruLayer.Weights(
                check.parameter("weight_ih", 1f, 3 * units, in),
                check.parameter("weight_hh", 1f, 3 * units, units),
                null,
                null);
        check.run(
                (tape, x) -> GruLayer.apply(tape, x.getFirst(), SEGMENTS, weights, List.of()),
                v -> reference(SEGMENTS, in, units, v));
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "4, 17"})
    void withBias(int in, int units) {
        OperationCheck check = new OperationCheck("GRU with bias", SEED).input("x", SEGMENTS.rows(), in, 1f);
        GruLayer.Weights weights = new GruLayer.Weights(
                check.parameter("weight_ih", 1f, 3 * units, in),
                check.parameter("weight_hh", 1f, 3 * units, units),
                check.parameter("bias_ih", 1f, 3 * units),
                check.parameter("bias_hh", 1f, 3 * units));
        check.run(
                (tape, x) -> GruLayer.apply(tape, x.getFirst(), SEGMENTS, weights, List.of()),
                v -> reference(SEGMENTS, in, units, v));
    }

    /** More rows than one block of the products over all rows. */
    @Test
    void manyRows() {
        Segments segments = new Segments(new int[] {0, 90, 91, 171, 300});
        OperationCheck check = new OperationCheck("GRU, many rows", SEED).input("x", segments.rows(), 2, 1f);
        GruLayer.Weights weights = new GruLayer.Weights(
                check.parameter("weight_ih", 1f, 9, 2), check.parameter("weight_hh", 1f, 9, 3), null, null);
        check.run(
                (tape, x) -> GruLayer.apply(tape, x.getFirst(), segments, weights, List.of()),
                v -> reference(segments, 2, 3, v));
    }

    @ParameterizedTest
    @CsvSource({"1, false", "2, true", "3, false", "7, true"})
    void streamsInChunks(int chunk, boolean withBias) {
        int in = 5;
        int units = 19;
        int length = 11;
        int count = 3;
        Random random = new Random(SEED);
        ParameterSet set = new ParameterSet();
        Parameter input = set.declare("weight_ih", Parameter.Init.XAVIER_UNIFORM, 3 * units, in);
        Parameter hidden = set.declare("weight_hh", Parameter.Init.XAVIER_UNIFORM, 3 * units, units);
        Parameter bias = set.declare("bias", Parameter.Init.uniform(1), 3 * units);
        set.initialize(SEED);
        GruLayer.Weights weights = new GruLayer.Weights(input, hidden, withBias ? bias : null, withBias ? bias : null);
        float[] values = Numbers.uniform(random, count * length * in, 1f);
        Tape tape = Tape.forward();
        Tensor x = new Tensor(count * length, in, values, new float[0]);
        float[] whole = GruLayer.apply(tape, x, segments(count, length), weights, List.of())
                .data();

        List<GruLayer.State> states = Stream.generate(() -> GruLayer.State.initial(units))
                .limit(count)
                .toList();
        for (int from = 0; from < length; from += chunk) {
            int rows = Math.min(chunk, length - from);
            float[] part = new float[count * rows * in];
            for (int s = 0; s < count; s++) {
                System.arraycopy(values, (s * length + from) * in, part, s * rows * in, rows * in);
            }
            Tensor streamed = GruLayer.apply(
                    tape, new Tensor(count * rows, in, part, new float[0]), segments(count, rows), weights, states);
            for (int s = 0; s < count; s++) {
                for (int i = 0; i < rows * units; i++) {
                    assertThat(streamed.data()[s * rows * units + i])
                            .as("sequence %d, position from %d, element %d", s, from, i)
                            .isCloseTo(whole[(s * length + from) * units + i], within(1e-6f));
                }
            }
        }
        for (int s = 0; s < count; s++) {
            for (int i = 0; i < units; i++) {
                assertThat(states.get(s).hidden()[i])
                        .isCloseTo(whole[((s + 1) * length - 1) * units + i], within(1e-6f));
            }
        }
    }

    private static Segments segments(int count, int length) {
        int[] offsets = new int[count + 1];
        for (int s = 1; s <= count; s++) {
            offsets[s] = s * length;
        }
        return new Segments(offsets);
    }

    @Test
    void copiedStateIsIndependent() {
        GruLayer.State state = GruLayer.State.initial(2);
        GruLayer.State copy = state.copy();
        state.hidden()[0] = 1;
        assertThat(copy.hidden()).containsExactly(0, 0);
    }

    @Test
    void aCarriedStateIsNotTrainedThrough() {
        ParameterSet set = new ParameterSet();
        GruLayer.Weights weights = new GruLayer.Weights(
                set.declare("weight_ih", Parameter.Init.ZERO, 6, 2),
                set.declare("weight_hh", Parameter.Init.ZERO, 6, 2),
                null,
                null);
        Tape tape = Tape.recording(set);
        Tensor x = tape.tensor(1, 2);
        List<GruLayer.State> states = List.of(GruLayer.State.initial(2));
        assertThatThrownBy(() -> GruLayer.apply(tape, x, segments(1, 1), weights, states))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
