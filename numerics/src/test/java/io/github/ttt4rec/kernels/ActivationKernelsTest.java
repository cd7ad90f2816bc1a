package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations and gates; see {@link KernelsContract}. */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ttt4rec.kernels.KernelsContract#implementations")
class ActivationKernelsTest extends KernelsContract {
    ActivationKernelsTest(Named implementation) {
        super(implementation);
    }

    private static double sigmoidOf(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double siluOf(double x) {
        return x * sigmoidOf(x);
    }

    /** GELU in its common form with tanh. */
    private static double geluOf(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double secondDerivative(DoubleUnaryOperator function, double x) {
        double h = 1e-3;
        DoubleUnaryOperator slope = at -> (-function.applyAsDouble(at + 2 * h)
                        + 16 * function.applyAsDouble(at + h)
                        - 30 * function.applyAsDouble(at)
                        + 16 * function.applyAsDouble(at - h)
                        - function.applyAsDouble(at - 2 * h))
                / (12 * h * h);
        return slope.applyAsDouble(x);
    }

    @Test
    void gelu() {
        for (int n : lengths()) {
            float[] x = array(n);
            spread(x, 4f);
            float[] y = array(n + 1);
            float[] slope = array(n + 2);
            Expected expectedY = new Expected(y);
            Expected expectedSlope = new Expected(slope);
            for (int i = 0; i < n; i++) {
                expectedY.set(GUARD + 1 + i, geluOf(x[GUARD + i]), 1e-6);
                expectedSlope.set(GUARD + 2 + i, derivative(ActivationKernelsTest::geluOf, x[GUARD + i]), 2e-6);
            }
            kernels.gelu(n, x, GUARD, y, GUARD + 1, slope, GUARD + 2);
            expectedY.check("gelu " + n, y);
            expectedSlope.check("gelu' " + n, slope);
        }
    }

    /**
     * If σ is near 1, its distance from 1 is only known to 2⁻²⁴, and x·g′(x)² multiplies that by up to 250, so the
     * tolerance is wider than elsewhere.
     */
    @Test
    void geluSlopeBackward() {
        for (int n : lengths()) {
            float[] x = array(n);
            spread(x, 4f);
            float[] slope = array(n + 2);
            float[] back = array(n + 3);
            float[] dy = array(n + 4);
            float[] dx = array(n + 1);
            Expected expectedX = new Expected(dx);
            Expected expectedY = new Expected(dy);
            for (int i = 0; i < n; i++) {
                double d = dy[GUARD + 4 + i];
                double factor = d * back[GUARD + 3 + i];
                double curvature = secondDerivative(ActivationKernelsTest::geluOf, x[GUARD + i]);
                expectedX.set(GUARD + 1 + i, factor * curvature, 2e-5 * (1 + Math.abs(factor)));
                expectedY.set(GUARD + 4 + i, d * slope[GUARD + 2 + i], 1e-6);
            }
            kernels.geluSlopeBackward(
                    n,
                    new Slice(x, GUARD),
                    new Slice(slope, GUARD + 2),
                    new Slice(back, GUARD + 3),
                    new Slice(dy, GUARD + 4),
                    new Slice(dx, GUARD + 1));
            expectedX.check("dx " + n, dx);
            expectedY.check("dy " + n, dy);
        }
    }

    private static void spread(float[] x, float factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
    }

    /** Arguments so large that e^x or x³ leaves the range of float, or nearly does. */
    @Test
    void gatesAtTheExtremes() {
        float[] x = {-10000f, -1000f, -100f, -89f, -20f, 0f, -0f, 20f, 89f, 100f, 1000f, 10000f};
        int n = x.length;
        float[] y = new float[n];
        float[] slope = new float[n];
        float[] curvature = new float[n];
        kernels.gelu(n, x, 0, y, 0, slope, 0);
        float[] ones = new float[n];
        Arrays.fill(ones, 1f);
        kernels.geluSlopeBackward(
                n, Slice.of(x), Slice.of(slope), Slice.of(ones), Slice.of(ones.clone()), Slice.of(curvature));
        float[] sigmoid = new float[n];
        kernels.sigmoid(n, 3f, x, sigmoid);
        float[] silu = new float[n];
        kernels.siluMultiply(n, x, ones, silu);
        float[] dGate = new float[n];
        float[] dUp = new float[n];
        kernels.siluMultiplyBackward(n, x, ones, ones, dGate, dUp);
        for (int i = 0; i < n; i++) {
            boolean positive = x[i] > 0;
            double expected = positive ? x[i] : 0;
            double slopeOf = x[i] == 0 ? 0.5 : positive ? 1 : 0;
            String at = "at " + x[i];
            assertThat((double) y[i]).as("gelu " + at).isCloseTo(expected, within(1e-30));
            assertThat((double) slope[i]).as("gelu' " + at).isCloseTo(slopeOf, within(1e-20));
            if (x[i] != 0) {
                assertThat((double) curvature[i]).as("gelu'' " + at).isCloseTo(0, within(1e-15));
            }
            assertThat((double) sigmoid[i]).as("3σ " + at).isCloseTo(3 * slopeOf, within(1e-8));
            assertThat((double) silu[i]).as("silu " + at).isCloseTo(expected, within(5e-8));
            assertThat((double) dGate[i]).as("silu' " + at).isCloseTo(slopeOf, within(1e-7));
            assertThat(dUp[i]).as("silu as factor " + at).isEqualTo(silu[i]);
        }
    }

    @Test
    void sigmoid() {
        for (int n : lengths()) {
            float[] x = Numbers.uniform(random, n + GUARD, 6f);
            float[] y = Numbers.uniform(random, n + GUARD, 1f);
            Expected expected = new Expected(y);
            for (int i = 0; i < n; i++) {
                expected.set(i, 0.3f * sigmoidOf(x[i]), 4 * ULP);
            }
            kernels.sigmoid(n, 0.3f, x, y);
            expected.check("sigmoid " + n, y);
        }
    }

    @Test
    void siluMultiply() {
        gate(ActivationKernelsTest::siluOf, kernels::siluMultiply, kernels::siluMultiplyBackward);
    }

    @Test
    void geluMultiply() {
        gate(ActivationKernelsTest::geluOf, kernels::geluMultiply, kernels::geluMultiplyBackward);
    }

    private interface Gate {
        void apply(int n, float[] gate, float[] x, float[] y);
    }

    private interface GateBackward {
        void apply(int n, float[] gate, float[] x, float[] dy, float[] dGate, float[] dx);
    }

    private void gate(DoubleUnaryOperator activation, Gate forward, GateBackward backward) {
        DoubleBinaryOperator product = (gate, x) -> activation.applyAsDouble(gate) * x;
        for (int n : lengths()) {
            float[] gate = Numbers.uniform(random, n + GUARD, 3f);
            float[] x = Numbers.uniform(random, n + GUARD, 1f);
            float[] dy = Numbers.uniform(random, n + GUARD, 1f);
            float[] y = Numbers.uniform(random, n + GUARD, 1f);
            float[] dGate = Numbers.uniform(random, n + GUARD, 1f);
            float[] dx = Numbers.uniform(random, n + GUARD, 1f);
            Expected expectedY = new Expected(y);
            Expected expectedGate = new Expected(dGate);
            Expected expectedX = new Expected(dx);
            for (int i = 0; i < n; i++) {
                expectedY.set(i, product.applyAsDouble(gate[i], x[i]), 8 * ULP);
                double slope = derivative(activation, gate[i]);
                expectedGate.set(i, dGate[i] + dy[i] * (double) x[i] * slope, 16 * ULP);
                expectedX.set(i, dx[i] + dy[i] * activation.applyAsDouble(gate[i]), 16 * ULP);
            }
            forward.apply(n, gate, x, y);
            expectedY.check("gate " + n, y);
            backward.apply(n, gate, x, dy, dGate, dx);
            expectedGate.check("gate's dGate " + n, dGate);
            expectedX.check("gate's dx " + n, dx);
        }
    }
}
