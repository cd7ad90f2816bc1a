package io.github.ttt4rec.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.Numbers;
import io.github.ttt4rec.testing.OperationCheck;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares NARM's attention with its defining sum, position by position in double. */
class NarmAttentionTest {
    private static final long SEED = 1711;
    private static final Segments SEGMENTS = new Segments(new int[] {0, 2, 7, 7, 8, 12});

    /** Computes the codes from query, key, hidden and v. */
    private static double[] reference(Segments segments, int units, double[][] values) {
        double[] y = new double[segments.rows() * 2 * units];
        for (int s = 0; s < segments.count(); s++) {
            for (int t = segments.start(s); t < segments.start(s) + segments.length(s); t++) {
                for (int j = segments.start(s); j <= t; j++) {
                    double alpha = 0;
                    for (int i = 0; i < units; i++) {
                        double sum = values[0][t * units + i] + values[1][j * units + i];
                        alpha += values[3][i] / (1 + Math.exp(-sum));
                    }
                    for (int i = 0; i < units; i++) {
                        y[t * 2 * units + i] += alpha * values[2][j * units + i];
                    }
                }
                System.arraycopy(values[2], t * units, y, (2 * t + 1) * units, units);
            }
        }
        return y;
    }

    private static void check(Segments segments, int units) {
        OperationCheck check = new OperationCheck("NARM's attention", SEED)
                .input("query", segments.rows(), units, 2f)
                .input("key", segments.rows(), units, 2f)
                .input("hidden", segments.rows(), units, 1f);
        Parameter weight = check.parameter("v", 1f, 1, units);
        check.run(
                (tape, x) -> NarmAttention.apply(tape, x.get(0), x.get(1), x.get(2), weight, segments, List.of()),
                v -> reference(segments, units, v));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 21})
    void agreesWithTheSum(int units) {
        check(SEGMENTS, units);
    }

    /** More positions than one block. */
    @Test
    void longSequences() {
        check(new Segments(new int[] {0, 70, 75}), 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40})
    void streamsInChunks(int chunk) {
        int units = 19;
        int length = 75;
        Random random = new Random(SEED);
        ParameterSet set = new ParameterSet();
        Parameter weight = set.declare("v", Parameter.Init.XAVIER_NORMAL, 1, units);
        set.initialize(SEED);
        float[] query = Numbers.uniform(random, length * units, 2f);
        float[] key = Numbers.uniform(random, length * units, 2f);
        float[] hidden = Numbers.uniform(random, length * units, 1f);
        Tape tape = Tape.forward();
        float[] whole = stream(tape, query, key, hidden, weight, 0, length, List.of());

        NarmAttention.State state = NarmAttention.State.initial(units);
        for (int from = 0; from < length; from += chunk) {
            int rows = Math.min(chunk, length - from);
            NarmAttention.State copy = state.copy();
            float[] streamed = stream(tape, query, key, hidden, weight, from, rows, List.of(state));
            float[] again = stream(tape, query, key, hidden, weight, from, rows, List.of(copy));
            assertThat(state.length()).isEqualTo(from + rows);
            for (int i = 0; i < rows * 2 * units; i++) {
                assertThat(streamed[i])
                        .as("positions from %d, element %d", from, i)
                        .isCloseTo(whole[from * 2 * units + i], within(1e-5f));
                assertThat(again[i]).isEqualTo(streamed[i]);
            }
        }
    }

    private static float[] stream(
            Tape tape,
            float[] query,
            float[] key,
            float[] hidden,
            Parameter weight,
            int from,
            int rows,
            List<NarmAttention.State> states) {
        return NarmAttention.apply(
                        tape,
                        rows(query, weight, from, rows),
                        rows(key, weight, from, rows),
                        rows(hidden, weight, from, rows),
                        weight,
                        new Segments(new int[] {0, rows}),
                        states)
                .data();
    }

    private static Tensor rows(float[] values, Parameter weight, int from, int rows) {
        int units = weight.extent(1);
        float[] some = new float[rows * units];
        System.arraycopy(values, from * units, some, 0, some.length);
        return new Tensor(rows, units, some, new float[0]);
    }

    @Test
    void aCarriedStateIsNotTrainedThrough() {
        ParameterSet set = new ParameterSet();
        Parameter weight = set.declare("v", Parameter.Init.ONE, 1, 2);
        Tape tape = Tape.recording(set);
        Tensor x = tape.tensor(1, 2);
        List<NarmAttention.State> states = List.of(NarmAttention.State.initial(2));
        assertThatThrownBy(() -> NarmAttention.apply(tape, x, x, x, weight, new Segments(new int[] {0, 1}), states))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
