package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;

import io.github.ttt4rec.testing.Numbers;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels of recurrent layers and of additive scores, tested as in {@link KernelsContract}. */
@Tag("kernels")
class RecurrentKernelsTest {
    private static final long SEED = 20160502;
    private static final double TOLERANCE = 16 * 0x1p-23;
    private static final int ROWS = 3;

    private final Random random = new Random(SEED);

    static Stream<Named<Kernels>> implementations() {
        return Stream.of(new ScalarKernels(), new VectorKernels()).map(k -> Named.of(k.name(), k));
    }

    private static int[] lengths() {
        return IntStream.concat(IntStream.rangeClosed(1, 35), IntStream.of(64, 128))
                .toArray();
    }

    private float[] array(int n, float bound) {
        return Numbers.uniform(random, n + 2 * GUARD, bound);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void gru(Kernels kernels) {
        for (int n : lengths()) {
            gru(kernels, n, 3f);
            gru(kernels, n, 300f);
        }
    }

    private void gru(Kernels kernels, int n, float bound) {
        float[] gates = array(ROWS * 3 * n, bound);
        float[] recurrent = array(ROWS * 3 * n, bound);
        float[] previous = array(ROWS * n, 1f);
        float[] next = array(ROWS * n, 1f);
        Expected expectedGates = new Expected(gates);
        Expected expectedRecurrent = new Expected(recurrent);
        Expected expectedPrevious = new Expected(previous);
        Expected expectedNext = new Expected(next);
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < n; i++) {
                int a = GUARD + row * 3 * n + i;
                int h = GUARD + row * n + i;
                double r = sigmoid((double) gates[a] + recurrent[a]);
                double z = sigmoid((double) gates[a + n] + recurrent[a + n]);
                double c = Math.tanh(gates[a + 2 * n] + r * recurrent[a + 2 * n]);
                // An argument of magnitude b has a rounding error of b·2⁻²⁴ before σ and tanh are applied.
                double tolerance = (1 + bound / 4) * TOLERANCE;
                expectedGates.set(a, r, tolerance);
                expectedGates.set(a + n, z, tolerance);
                expectedGates.set(a + 2 * n, c, 2 * tolerance);
                expectedNext.set(h, (1 - z) * c + z * previous[h], 4 * tolerance);
            }
        }
        kernels.gru(
                ROWS,
                n,
                new Slice(gates, GUARD),
                new Slice(recurrent, GUARD),
                new Slice(previous, GUARD),
                new Slice(next, GUARD));
        expectedGates.check("gates, n " + n, gates);
        expectedRecurrent.check("recurrent, n " + n, recurrent);
        expectedPrevious.check("previous, n " + n, previous);
        expectedNext.check("next, n " + n, next);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void gruBackward(Kernels kernels) {
        for (int n : lengths()) {
            float[] gates = array(ROWS * 3 * n, 1f);
            for (int i = 0; i < gates.length; i++) {
                int third = Math.floorMod(i - GUARD, 3 * n) / n;
                gates[i] = third < 2 ? Math.abs(gates[i]) : gates[i];
            }
            float[] recurrent = array(ROWS * 3 * n, 1f);
            float[] previous = array(ROWS * n, 1f);
            float[] dNext = array(ROWS * n, 1f);
            float[] dPrevious = array(ROWS * n, 1f);
            Expected dGates = new Expected(gates);
            Expected dRecurrent = new Expected(recurrent);
            Expected unchanged = new Expected(dNext);
            Expected added = new Expected(dPrevious);
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < n; i++) {
                    int a = GUARD + row * 3 * n + i;
                    int h = GUARD + row * n + i;
                    double r = gates[a];
                    double z = gates[a + n];
                    double c = gates[a + 2 * n];
                    double d = dNext[h];
                    double dUpdate = d * (previous[h] - c) * z * (1 - z);
                    double dCandidate = d * (1 - z) * (1 - c * c);
                    double dReset = dCandidate * recurrent[a + 2 * n] * r * (1 - r);
                    dGates.set(a, dReset, TOLERANCE);
                    dGates.set(a + n, dUpdate, TOLERANCE);
                    dGates.set(a + 2 * n, dCandidate, TOLERANCE);
                    dRecurrent.set(a, dReset, TOLERANCE);
                    dRecurrent.set(a + n, dUpdate, TOLERANCE);
                    dRecurrent.set(a + 2 * n, dCandidate * r, TOLERANCE);
                    added.set(h, added.before(h) + d * z, TOLERANCE);
                }
            }
            kernels.gruBackward(
                    ROWS,
                    n,
                    new Slice(gates, GUARD),
                    new Slice(recurrent, GUARD),
                    new Slice(previous, GUARD),
                    new Slice(dNext, GUARD),
                    new Slice(dPrevious, GUARD));
            dGates.check("gradient of gates, n " + n, gates);
            dRecurrent.check("gradient of recurrent, n " + n, recurrent);
            unchanged.check("dNext, n " + n, dNext);
            added.check("dPrevious, n " + n, dPrevious);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void sigmoidScores(Kernels kernels) {
        for (int n : lengths()) {
            float[] query = array(n, 3f);
            float[] keys = array(ROWS * n, 3f);
            float[] weight = Numbers.uniform(random, n, 1f);
            float[] y = array(ROWS, 1f);
            Expected expected = new Expected(y);
            for (int row = 0; row < ROWS; row++) {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += weight[i] * sigmoid((double) query[GUARD + i] + keys[GUARD + row * n + i]);
                }
                expected.set(GUARD + row, sum, Math.max(8, n) * TOLERANCE);
            }
            kernels.sigmoidScores(
                    ROWS, new Slice(query, GUARD), Matrix.of(keys, GUARD, n), weight, new Slice(y, GUARD));
            expected.check("scores, n " + n, y);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void sigmoidScoresBackward(Kernels kernels) {
        for (int n : lengths()) {
            float[] query = array(n, 3f);
            float[] keys = array(ROWS * n, 3f);
            float[] weight = Numbers.uniform(random, n, 1f);
            float[] dy = array(ROWS, 1f);
            float[] dQuery = array(n, 1f);
            float[] dKeys = array(ROWS * n, 1f);
            float[] dWeight = Numbers.uniform(random, n, 1f);
            Expected expectedQuery = new Expected(dQuery);
            Expected expectedKeys = new Expected(dKeys);
            Expected expectedWeight = new Expected(dWeight);
            for (int i = 0; i < n; i++) {
                double ofQuery = expectedQuery.before(GUARD + i);
                double ofWeight = expectedWeight.before(i);
                for (int row = 0; row < ROWS; row++) {
                    int key = GUARD + row * n + i;
                    double s = sigmoid((double) query[GUARD + i] + keys[key]);
                    double slope = dy[GUARD + row] * weight[i] * s * (1 - s);
                    ofQuery += slope;
                    ofWeight += dy[GUARD + row] * s;
                    expectedKeys.set(key, expectedKeys.before(key) + slope, TOLERANCE);
                }
                expectedQuery.set(GUARD + i, ofQuery, 2 * TOLERANCE);
                expectedWeight.set(i, ofWeight, 2 * TOLERANCE);
            }
            kernels.sigmoidScoresBackward(
                    ROWS,
                    new Slice(query, GUARD),
                    Matrix.of(keys, GUARD, n),
                    weight,
                    new Slice(dy, GUARD),
                    new Slice(dQuery, GUARD),
                    new Slice(dKeys, GUARD),
                    dWeight);
            expectedQuery.check("dQuery, n " + n, dQuery);
            expectedKeys.check("dKeys, n " + n, dKeys);
            expectedWeight.check("dWeight, n " + n, dWeight);
        }
    }
}
