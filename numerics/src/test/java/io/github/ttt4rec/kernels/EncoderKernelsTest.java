package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.FiniteDifferences;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares both implementations of the kernels of the Transformer and Mamba baselines with plain loops in double. */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("implementations")
class EncoderKernelsTest {
    private static final long SEED = 20250611;
    private static final double ULP = 0x1p-23;
    private static final int[] LENGTHS = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100};

    private final Kernels kernels;
    private final Random random = new Random(SEED);

    record Named(String name, Kernels kernels) {
        @Override
        public String toString() {
            return name;
        }
    }

    EncoderKernelsTest(Named implementation) {
        kernels = implementation.kernels;
    }

    static Stream<Named> implementations() {
        return Stream.of(new ScalarKernels(), new VectorKernels()).map(k -> new Named(k.name(), k));
    }

    /** Computes ½ + ∫₀ˣ φ by Simpson's rule with steps of at most 1/100; the error is below 1e-11. */
    private static double normalDistribution(double x) {
        int steps = 2 * (int) Math.ceil(Math.abs(x) * 50 + 1);
        double h = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
            sum += weight * Math.exp(-(i * h) * (i * h) / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    private static double softplusOf(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private interface Forward {
        void apply(int n, float[] x, float[] y);
    }

    private interface Backward {
        void apply(int n, float[] x, float[] dy, float[] dx);
    }

    private void activation(String name, DoubleUnaryOperator function, Forward forward, Backward backward) {
        for (int n : LENGTHS) {
            float[] x = Numbers.uniform(random, n + GUARD, 6f);
            float[] dy = Numbers.uniform(random, n + GUARD, 1f);
            float[] y = Numbers.uniform(random, n + GUARD, 1f);
            float[] dx = Numbers.uniform(random, n + GUARD, 1f);
            Expected expectedY = new Expected(y);
            Expected expectedX = new Expected(dx);
            for (int i = 0; i < n; i++) {
                expectedY.set(i, function.applyAsDouble(x[i]), 12 * ULP);
                double slope = FiniteDifferences.gradient(at -> function.applyAsDouble(at[0]), new double[] {x[i]})[0];
                expectedX.set(i, dx[i] + dy[i] * slope, 16 * ULP);
            }
            forward.apply(n, x, y);
            expectedY.check(name + " " + n, y);
            backward.apply(n, x, dy, dx);
            expectedX.check(name + " backward " + n, dx);
        }
    }

    @Test
    void normalGelu() {
        activation("gelu", x -> x * normalDistribution(x), kernels::normalGelu, kernels::normalGeluBackward);
    }

    @Test
    void silu() {
        activation("silu", x -> x / (1 + Math.exp(-x)), kernels::silu, kernels::siluBackward);
    }

    @Test
    void softplus() {
        activation("softplus", EncoderKernelsTest::softplusOf, kernels::softplus, kernels::softplusBackward);
    }

    /** The error of Φ, taken from gelu(x)/x, is within its stated bound everywhere. */
    @Test
    void normalDistributionIsWithinItsStatedError() {
        int n = 2000;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = -8f + 16f * i / n + 0.0037f;
        }
        float[] y = new float[n];
        kernels.normalGelu(n, x, y);
        for (int i = 0; i < n; i++) {
            assertThat((double) y[i] / x[i]).as("Φ(%s)", x[i]).isCloseTo(normalDistribution(x[i]), within(3e-7));
        }
    }

    /** Mamba's steps start as small as 0.001 and are used as factors, so their relative error matters. */
    @Test
    void softplusKeepsRelativePrecision() {
        float[] x = {-80f, -30f, -15f, -6.9f, -3f, -1f, -0.1f, 0f, 0.1f, 1f, 5f, 20f, 90f, 1000f};
        float[] y = new float[x.length];
        kernels.softplus(x.length, x, y);
        for (int i = 0; i < x.length; i++) {
            double expected = softplusOf(x[i]);
            assertThat((double) y[i]).as("softplus(%s)", x[i]).isCloseTo(expected, within(1e-6 * expected));
        }
    }

    @Test
    void farValuesSaturate() {
        float[] x = {-1000f, -50f, 50f, 1000f};
        float[] y = new float[4];
        float[] dx = new float[4];
        float[] ones = {1f, 1f, 1f, 1f};
        kernels.normalGelu(4, x, y);
        kernels.normalGeluBackward(4, x, ones, dx);
        assertThat(y).containsExactly(new float[] {0f, 0f, 50f, 1000f}, within(1e-30f));
        assertThat(dx).containsExactly(new float[] {0f, 0f, 1f, 1f}, within(1e-30f));
        kernels.silu(4, x, y);
        assertThat(y).containsExactly(new float[] {0f, 0f, 50f, 1000f}, within(1e-15f));
    }

    // The selective step, on arrays in which every operand has a different offset.

    private static final int STATES = 3;

    /** The result of a step in double: hidden states {@code (STATES, channels)}, followed by y. */
    private static double[] stepOf(
            int channels, double[] dt, double[] u, double[] a, double[] b, double[] cs, double[] before) {
        double[] result = new double[(STATES + 1) * channels];
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < STATES; i++) {
                int at = i * channels + c;
                result[at] = Math.exp(dt[c] * a[at]) * before[at] + dt[c] * u[c] * b[i];
                result[STATES * channels + c] += cs[i] * result[at];
            }
        }
        return result;
    }

    private float[] positive(int n) {
        float[] values = Numbers.uniform(random, n, 1f);
        for (int i = 0; i < n; i++) {
            values[i] = 1.05f + values[i];
        }
        return values;
    }

    private float[] negative(int n) {
        float[] values = positive(n);
        for (int i = 0; i < n; i++) {
            values[i] = -values[i];
        }
        return values;
    }

    @Test
    void selectiveStep() {
        for (int channels : LENGTHS) {
            int size = STATES * channels;
            float[] dt = positive(channels + GUARD);
            float[] u = Numbers.uniform(random, channels + GUARD, 1f);
            float[] a = negative(size);
            float[] b = Numbers.uniform(random, STATES + 2, 1f);
            float[] cs = Numbers.uniform(random, STATES + 3, 1f);
            float[] before = Numbers.uniform(random, size + 4, 1f);
            float[] after = Numbers.uniform(random, size + 5 + GUARD, 1f);
            float[] y = Numbers.uniform(random, channels + 6 + GUARD, 1f);
            double[] result = stepOf(
                    channels,
                    Numbers.toDouble(dt, 3, channels),
                    Numbers.toDouble(u, 3, channels),
                    Numbers.toDouble(a),
                    Numbers.toDouble(b, 2, STATES),
                    Numbers.toDouble(cs, 2, STATES),
                    Numbers.toDouble(before, 4, size));
            Expected expectedAfter = new Expected(after);
            Expected expectedY = new Expected(y);
            for (int i = 0; i < size; i++) {
                expectedAfter.set(5 + i, result[i], 16 * ULP);
            }
            for (int c = 0; c < channels; c++) {
                expectedY.set(6 + c, result[size + c], 32 * ULP);
            }
            kernels.selectiveStep(
                    channels,
                    STATES,
                    new SelectiveInputs(dt, u, 3, a, b, cs, 2),
                    new Slice(before, 4),
                    new Slice(after, 5),
                    new Slice(y, 6));
            expectedAfter.check("states " + channels, after);
            expectedY.check("y " + channels, y);

            float[] inPlace = before.clone();
            kernels.selectiveStep(
                    channels,
                    STATES,
                    new SelectiveInputs(dt, u, 3, a, b, cs, 2),
                    new Slice(inPlace, 4),
                    new Slice(inPlace, 4),
                    new Slice(y, 6));
            assertThat(Arrays.copyOfRange(inPlace, 4, 4 + size))
                    .as("in place")
                    .containsExactly(Arrays.copyOfRange(after, 5, 5 + size));
        }
    }

    @Test
    void selectiveStepBackward() {
        for (int channels : new int[] {1, 3, 8, 15, 16, 17, 40}) {
            int size = STATES * channels;
            float[] dt = positive(channels + GUARD);
            float[] u = Numbers.uniform(random, channels + GUARD, 1f);
            float[] dy = Numbers.uniform(random, channels + GUARD, 1f);
            float[] a = negative(size);
            float[] b = Numbers.uniform(random, STATES + 2, 1f);
            float[] cs = Numbers.uniform(random, STATES + 2, 1f);
            float[] before = Numbers.uniform(random, size, 1f);
            float[] after = new float[size];
            kernels.selectiveStep(
                    channels,
                    STATES,
                    new SelectiveInputs(dt, u, 2, a, b, cs, 1),
                    Slice.of(before),
                    Slice.of(after),
                    Slice.of(new float[channels]));
            double[][] operands = {
                Numbers.toDouble(dt, 2, channels),
                Numbers.toDouble(u, 2, channels),
                Numbers.toDouble(a),
                Numbers.toDouble(b, 1, STATES),
                Numbers.toDouble(cs, 1, STATES),
                Numbers.toDouble(before)
            };
            float[] dState = Numbers.uniform(random, size + GUARD, 1f);
            double[] dResult = new double[size + channels];
            for (int i = 0; i < size; i++) {
                dResult[i] = dState[i];
            }
            for (int c = 0; c < channels; c++) {
                dResult[size + c] = dy[2 + c];
            }
            float[][] gradients = {
                Numbers.uniform(random, channels + GUARD, 1f),
                Numbers.uniform(random, channels + GUARD, 1f),
                Numbers.uniform(random, size + GUARD, 1f),
                Numbers.uniform(random, STATES + GUARD, 1f),
                Numbers.uniform(random, STATES + GUARD, 1f),
                dState
            };
            int[] offsets = {2, 2, 0, 1, 1, 0};
            Expected[] expected = new Expected[gradients.length];
            for (int g = 0; g < gradients.length; g++) {
                int operand = g;
                double[] numeric = FiniteDifferences.gradient(
                        at -> {
                            double[][] moved = operands.clone();
                            moved[operand] = at;
                            double[] result =
                                    stepOf(channels, moved[0], moved[1], moved[2], moved[3], moved[4], moved[5]);
                            double sum = 0;
                            for (int i = 0; i < result.length; i++) {
                                sum += result[i] * dResult[i];
                            }
                            return sum;
                        },
                        operands[g]);
                expected[g] = new Expected(gradients[g]);
                for (int i = 0; i < numeric.length; i++) {
                    int at = offsets[g] + i;
                    // The last one, dState, is replaced; the others are accumulated.
                    double start = g == gradients.length - 1 ? 0 : gradients[g][at];
                    expected[g].set(at, start + numeric[i], 4 * Math.max(16, channels) * ULP);
                }
            }
            kernels.selectiveStepBackward(
                    channels,
                    STATES,
                    new SelectiveInputs(dt, u, 2, a, b, cs, 1),
                    Slice.of(before),
                    Slice.of(after),
                    dy,
                    dState,
                    new SelectiveInputs(gradients[0], gradients[1], 2, gradients[2], gradients[3], gradients[4], 1));
            String[] names = {"dDt", "dU", "dA", "dB", "dC", "dState"};
            for (int g = 0; g < gradients.length; g++) {
                expected[g].check(names[g] + ", " + channels + " channels", gradients[g]);
            }
        }
    }
}
