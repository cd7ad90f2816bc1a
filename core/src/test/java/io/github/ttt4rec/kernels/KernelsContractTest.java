package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;
import static io.github.ttt4rec.testing.Numbers.toDouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.FiniteDifferences;
import io.github.ttt4rec.testing.Numbers;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kernel of both implementations against plain loops in double. Inputs are of magnitude 1; a result of length n may
 * be off by {@code n·2⁻²³} (at least 8·2⁻²³), which is the rounding of n additions. Elements around what a kernel may
 * write, and all its inputs, must keep their bits.
 */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("implementations")
class KernelsContractTest {
    private static final long SEED = 20240917;
    private static final double ULP = 0x1p-23;

    private final Kernels kernels;
    private final Random random = new Random(SEED);

    record Named(String name, Kernels kernels) {
        @Override
        public String toString() {
            return name;
        }
    }

    KernelsContractTest(Named implementation) {
        kernels = implementation.kernels;
    }

    static Stream<Named> implementations() {
        return Stream.of(new ScalarKernels(), new VectorKernels()).map(k -> new Named(k.name(), k));
    }

    /** All lengths up to beyond two of the widest vectors, and some typical ones. */
    private static int[] lengths() {
        return IntStream.concat(IntStream.rangeClosed(1, 35), IntStream.of(64, 100, 257))
                .toArray();
    }

    private static double tolerance(int length) {
        return Math.max(8, length) * ULP;
    }

    private float[] array(int n) {
        return Numbers.uniform(random, n + 2 * GUARD, 1f);
    }

    // Matrix products

    @Test
    void gemm() {
        int[] widths = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 100};
        for (int m = 1; m <= 19; m++) {
            for (int n : widths) {
                for (int k : new int[] {1, 2, 16, 37}) {
                    gemm(m, n, k);
                }
            }
        }
        gemm(3, 257, 257);
        gemm(257, 20, 100);
    }

    private void gemm(int m, int n, int k) {
        for (boolean transposed : new boolean[] {false, true}) {
            for (boolean accumulate : new boolean[] {false, true}) {
                int gap = (m + n + k) % 4;
                int aRow = transposed ? 1 : k + gap;
                int aColumn = transposed ? m + gap : 1;
                int bRow = n + gap;
                int cRow = n + (gap == 0 ? 0 : gap + 1);
                float[] a = array(transposed ? k * aColumn : m * aRow);
                float[] b = array(k * bRow);
                float[] c = array(m * cRow);
                Expected expectedA = new Expected(a);
                Expected expectedB = new Expected(b);
                Expected expected = new Expected(c);
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        int at = GUARD + i * cRow + j;
                        double sum = accumulate ? c[at] : 0;
                        for (int p = 0; p < k; p++) {
                            sum += (double) a[GUARD + i * aRow + p * aColumn] * b[GUARD + p * bRow + j];
                        }
                        expected.set(at, sum, tolerance(k));
                    }
                }
                kernels.gemm(m, n, k, a, GUARD, aRow, aColumn, b, GUARD, bRow, c, GUARD, cRow, accumulate);
                String what = "gemm " + m + "×" + n + "×" + k + (transposed ? " transposed" : "")
                        + (accumulate ? " accumulating" : "");
                expected.check(what, c);
                expectedA.check(what + " A", a);
                expectedB.check(what + " B", b);
            }
        }
    }

    @Test
    void gemmWithStridedColumnsOfA() {
        int m = 13;
        int n = 37;
        int k = 5;
        float[] a = array(m * 100);
        float[] b = array(k * n);
        float[] c = array(m * n);
        Expected expected = new Expected(c);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += (double) a[GUARD + i * 90 + p * 7] * b[GUARD + p * n + j];
                }
                expected.set(GUARD + i * n + j, sum, tolerance(k));
            }
        }
        kernels.gemm(m, n, k, a, GUARD, 90, 7, b, GUARD, n, c, GUARD, n, false);
        expected.check("gemm, strided", c);
    }

    @Test
    void gemmOverwritesWhateverStoodInC() {
        float[] c = array(3 * 40);
        Arrays.fill(c, Float.NaN);
        kernels.gemm(3, 40, 2, new float[6], 0, 2, 1, new float[80], 0, 40, c, GUARD, 40, false);
        assertThat(Arrays.copyOfRange(c, GUARD, GUARD + 120)).containsOnly(0f);
    }

    @Test
    void gemmRows() {
        for (int k : lengths()) {
            for (int m : new int[] {1, 3, 8}) {
                int n = 5;
                int aRow = k + 3;
                int bRow = k + 1;
                int cRow = n + 2;
                float[] a = array(m * aRow);
                float[] b = array(n * bRow);
                float[] c = array(m * cRow);
                Expected expected = new Expected(c);
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        double sum = dotOf(k, a, GUARD + i * aRow, b, GUARD + j * bRow);
                        expected.set(GUARD + i * cRow + j, sum, tolerance(k));
                    }
                }
                kernels.gemmRows(m, n, k, a, GUARD, aRow, b, GUARD, bRow, c, GUARD, cRow);
                expected.check("gemmRows " + m + ", " + k, c);
            }
        }
    }

    // Element by element

    private static double dotOf(int n, float[] x, int xOffset, float[] y, int yOffset) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) x[xOffset + i] * y[yOffset + i];
        }
        return sum;
    }

    @Test
    void axpy() {
        for (int n : lengths()) {
            float[] x = array(n);
            float[] y = array(n + 2);
            Expected expected = new Expected(y);
            for (int i = 0; i < n; i++) {
                expected.set(GUARD + 2 + i, y[GUARD + 2 + i] + 0.7f * (double) x[GUARD + i], ULP);
            }
            kernels.axpy(n, 0.7f, x, GUARD, y, GUARD + 2);
            expected.check("axpy " + n, y);
        }
    }

    @Test
    void scale() {
        for (int n : lengths()) {
            float[] x = array(n);
            float[] y = array(n + 2);
            Expected expected = new Expected(y);
            Expected inPlace = new Expected(x);
            for (int i = 0; i < n; i++) {
                double value = -1.7f * (double) x[GUARD + i];
                expected.set(GUARD + 2 + i, value, ULP);
                inPlace.set(GUARD + i, value, ULP);
            }
            kernels.scale(n, -1.7f, x, GUARD, y, GUARD + 2);
            expected.check("scale " + n, y);
            kernels.scale(n, -1.7f, x, GUARD, x, GUARD);
            inPlace.check("scale in place " + n, x);
        }
    }

    @Test
    void multiply() {
        for (int n : lengths()) {
            float[] x = array(n);
            float[] y = array(n + 1);
            float[] z = array(n + 2);
            Expected expected = new Expected(z);
            Expected inPlace = new Expected(x);
            for (int i = 0; i < n; i++) {
                double product = (double) x[GUARD + i] * y[GUARD + 1 + i];
                expected.set(GUARD + 2 + i, product, ULP);
                inPlace.set(GUARD + i, product, ULP);
            }
            kernels.multiply(n, x, GUARD, y, GUARD + 1, z, GUARD + 2);
            expected.check("multiply " + n, z);
            kernels.multiply(n, x, GUARD, y, GUARD + 1, x, GUARD);
            inPlace.check("multiply in place " + n, x);
        }
    }

    @Test
    void multiplyAdd() {
        for (int n : lengths()) {
            float[] x = array(n);
            float[] y = array(n + 1);
            float[] z = array(n + 2);
            Expected expected = new Expected(z);
            for (int i = 0; i < n; i++) {
                expected.set(GUARD + 2 + i, z[GUARD + 2 + i] + (double) x[GUARD + i] * y[GUARD + 1 + i], 2 * ULP);
            }
            kernels.multiplyAdd(n, x, GUARD, y, GUARD + 1, z, GUARD + 2);
            expected.check("multiplyAdd " + n, z);
        }
    }

    @Test
    void dot() {
        for (int n : lengths()) {
            float[] x = array(n);
            float[] y = array(n + 1);
            assertThat((double) kernels.dot(n, x, GUARD, y, GUARD + 1))
                    .as("dot of %d", n)
                    .isCloseTo(dotOf(n, x, GUARD, y, GUARD + 1), within(tolerance(n)));
        }
        assertThat(kernels.dot(0, new float[0], 0, new float[0], 0)).isZero();
    }

    @Test
    void addRows() {
        for (int n : lengths()) {
            for (int rows : new int[] {0, 1, 8}) {
                int xRow = n + 3;
                float[] x = array(rows * xRow);
                float[] y = array(n);
                Expected expected = new Expected(y);
                for (int i = 0; i < n; i++) {
                    double sum = y[GUARD + i];
                    for (int r = 0; r < rows; r++) {
                        sum += x[GUARD + r * xRow + i];
                    }
                    expected.set(GUARD + i, sum, tolerance(rows));
                }
                kernels.addRows(rows, n, x, GUARD, xRow, y, GUARD);
                expected.check("addRows " + rows + ", " + n, y);
            }
        }
    }

    @Test
    void max() {
        for (int n : lengths()) {
            for (int at : new int[] {0, n / 2, n - 1}) {
                float[] x = array(n);
                for (int i = 0; i < n; i++) {
                    x[GUARD + i] -= 5f;
                }
                x[GUARD + at] = -2.5f;
                assertThat(kernels.max(n, x, GUARD)).as("max of %d", n).isEqualTo(-2.5f);
            }
        }
        float[] infinite = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        assertThat(kernels.max(3, infinite, 0)).isEqualTo(Float.NEGATIVE_INFINITY);
        for (int at = 0; at < 21; at++) {
            float[] x = new float[21];
            x[at] = Float.NaN;
            assertThat(kernels.max(21, x, 0)).as("NaN at %d", at).isNaN();
        }
    }

    @Test
    void countNotLess() {
        for (int n : lengths()) {
            float[] x = array(n);
            x[GUARD + n / 2] = Float.NaN;
            x[GUARD + n - 1] = 0.25f;
            int expected = 0;
            for (int i = 0; i < n; i++) {
                expected += x[GUARD + i] < 0.25f ? 0 : 1;
            }
            assertThat(kernels.countNotLess(n, x, GUARD, 0.25f)).as("of %d", n).isEqualTo(expected);
            assertThat(kernels.countNotLess(n, x, GUARD, Float.NaN))
                    .as("NaN threshold")
                    .isEqualTo(n);
        }
        float[] nan = new float[40];
        Arrays.fill(nan, Float.NaN);
        assertThat(kernels.countNotLess(40, nan, 0, 0f)).isEqualTo(40);
        assertThat(kernels.countNotLess(3, new float[] {-0f, 0f, -1f}, 0, 0f)).isEqualTo(2);
    }

    // Exponential and gates

    @Test
    void expAndSum() {
        for (int n : lengths()) {
            float[] x = array(n);
            Expected expected = new Expected(x);
            double sum = 0;
            for (int i = 0; i < n; i++) {
                double e = Math.exp(x[GUARD + i] - 0.5);
                expected.set(GUARD + i, e, 4 * ULP);
                sum += e;
            }
            float actual = kernels.expAndSum(n, x, GUARD, 0.5f);
            expected.check("expAndSum " + n, x);
            assertThat((double) actual).as("sum of %d", n).isCloseTo(sum, within(4 * tolerance(n)));
        }
    }

    /** The largest error over [-87, 88] in units in the last place; 0.5 is the best a float can do. */
    @Test
    void expIsWithinItsBoundEverywhere() {
        int points = 1 << 20;
        float[] x = new float[4096];
        double worst = 0;
        float worstAt = 0;
        for (int from = 0; from < points; from += x.length) {
            float[] arguments = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                arguments[i] = (float) (-87 + 175.0 * (from + i) / (points - 1));
                x[i] = arguments[i];
            }
            kernels.expAndSum(x.length, x, 0, 0f);
            for (int i = 0; i < x.length; i++) {
                double exact = Math.exp(arguments[i]);
                double error = Math.abs(x[i] - exact) / Math.ulp((float) exact);
                if (error > worst) {
                    worst = error;
                    worstAt = arguments[i];
                }
            }
        }
        assertThat(worst).as("ulp, at %s", worstAt).isLessThan(EXP_ULP);
    }

    private static final double EXP_ULP = 1.5;

    @Test
    void expOfTheVerySmallIsZeroAsFarAsASumCanTell() {
        for (int n : new int[] {1, 5, 16, 37}) {
            for (float far : new float[] {-88f, -104f, -1000f, -1e30f, Float.NEGATIVE_INFINITY}) {
                float[] x = new float[n];
                Arrays.fill(x, far);
                x[0] = 0f;
                assertThat(kernels.expAndSum(n, x, 0, 0f)).isEqualTo(1f);
                for (int i = 1; i < n; i++) {
                    assertThat(x[i]).isBetween(0f, 1.2e-38f);
                }
            }
        }
    }

    @Test
    void expOfNanIsNan() {
        float[] x = new float[20];
        x[3] = Float.NaN;
        assertThat(kernels.expAndSum(20, x, 0, 0f)).isNaN();
        assertThat(x[3]).isNaN();
    }

    private static double sigmoidOf(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double siluOf(double x) {
        return x * sigmoidOf(x);
    }

    /** GELU as it is mostly written, with tanh. */
    private static double geluOf(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double derivative(DoubleUnaryOperator function, double x) {
        return FiniteDifferences.gradient(at -> function.applyAsDouble(at[0]), new double[] {x})[0];
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
                expectedSlope.set(GUARD + 2 + i, derivative(KernelsContractTest::geluOf, x[GUARD + i]), 2e-6);
            }
            kernels.gelu(n, x, GUARD, y, GUARD + 1, slope, GUARD + 2);
            expectedY.check("gelu " + n, y);
            expectedSlope.check("gelu' " + n, slope);
        }
    }

    /**
     * Where σ is near 1 its distance from 1 is known to 2⁻²⁴ only, and x·g′(x)² multiplies that by up to 250: the tolerance
     * is wider than elsewhere.
     */
    @Test
    void geluSecondDerivative() {
        for (int n : lengths()) {
            float[] x = array(n);
            spread(x, 4f);
            float[] y = array(n + 1);
            Expected expected = new Expected(y);
            for (int i = 0; i < n; i++) {
                expected.set(GUARD + 1 + i, secondDerivative(KernelsContractTest::geluOf, x[GUARD + i]), 2e-5);
            }
            kernels.geluSecondDerivative(n, x, GUARD, y, GUARD + 1);
            expected.check("gelu'' " + n, y);
        }
    }

    private static void spread(float[] x, float factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] *= factor;
        }
    }

    /** Values so far out that e^x or x³ leaves float's range or nearly. */
    @Test
    void gatesAtTheExtremes() {
        float[] x = {-10000f, -1000f, -100f, -89f, -20f, 0f, -0f, 20f, 89f, 100f, 1000f, 10000f};
        int n = x.length;
        float[] y = new float[n];
        float[] slope = new float[n];
        float[] curvature = new float[n];
        kernels.gelu(n, x, 0, y, 0, slope, 0);
        kernels.geluSecondDerivative(n, x, 0, curvature, 0);
        float[] sigmoid = new float[n];
        kernels.sigmoid(n, 3f, x, sigmoid);
        float[] ones = new float[n];
        Arrays.fill(ones, 1f);
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
        gate(KernelsContractTest::siluOf, kernels::siluMultiply, kernels::siluMultiplyBackward);
    }

    @Test
    void geluMultiply() {
        gate(KernelsContractTest::geluOf, kernels::geluMultiply, kernels::geluMultiplyBackward);
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

    // Norms. Rows are spread by ±1 around a mean, so that their deviation is near 1 and rounding is not blown up.

    private float[] spreadRows(int size, float mean) {
        float[] x = array(size);
        for (int i = 0; i < x.length; i++) {
            x[i] += mean + (i % 2 == 0 ? 1f : -1f);
        }
        return x;
    }

    private static double normTolerance(int n) {
        return 4 * tolerance(n);
    }

    private static double[] rmsNormOf(double[] x, double[] gain, double epsilon) {
        double squares = 0;
        for (double value : x) {
            squares += value * value;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = gain[i] * x[i] / Math.sqrt(squares / x.length + epsilon);
        }
        return y;
    }

    private static double[] normalized(double[] x, double epsilon) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        return Arrays.stream(x)
                .map(v -> (v - mean) / Math.sqrt(variance + epsilon))
                .toArray();
    }

    private static double[] layerNormOf(double[] x, double[] gain, double[] bias, double epsilon) {
        double[] y = normalized(x, epsilon);
        for (int i = 0; i < y.length; i++) {
            y[i] = gain[i] * y[i] + bias[i];
        }
        return y;
    }

    /** The gradient of ½‖LayerNorm(z) − target‖², by the Jacobian of the normalisation written out. */
    private static double[] regressionGradient(
            double[] z, double[] target, double[] gain, double[] bias, double epsilon) {
        int n = z.length;
        double mean = Arrays.stream(z).average().orElseThrow();
        double variance =
                Arrays.stream(z).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double deviation = Math.sqrt(variance + epsilon);
        double[] unit = normalized(z, epsilon);
        double[] y = layerNormOf(z, gain, bias, epsilon);
        double[] gradient = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double jacobian = ((i == j ? 1 : 0) - 1.0 / n - unit[i] * unit[j] / n) / deviation;
                gradient[i] += jacobian * gain[j] * (y[j] - target[j]);
            }
        }
        return gradient;
    }

    private static double inner(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /** Expects {@code before + gradient} at the offset. */
    private static void expectGradient(
            Expected expected, int offset, double[] at, double tolerance, ToDoubleFunction<double[]> loss) {
        double[] gradient = FiniteDifferences.gradient(loss, at);
        for (int i = 0; i < gradient.length; i++) {
            expected.set(offset + i, expected.before(offset + i) + gradient[i], tolerance);
        }
    }

    private static final float EPSILON = 1e-6f;
    private static final int[] NORM_LENGTHS = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 31, 32, 33, 35, 64, 100, 257};

    @Test
    void rmsNorm() {
        for (int n : NORM_LENGTHS) {
            for (int rows : new int[] {1, 3}) {
                float[] x = spreadRows(rows * n, 0.3f);
                float[] gain = array(n);
                float[] y = array(rows * n);
                Expected expected = new Expected(y);
                for (int r = 0; r < rows; r++) {
                    double[] row = rmsNormOf(toDouble(x, r * n, n), toDouble(gain, 0, n), EPSILON);
                    for (int i = 0; i < n; i++) {
                        expected.set(r * n + i, row[i], normTolerance(n));
                    }
                }
                kernels.rmsNorm(rows, n, x, gain, EPSILON, y);
                expected.check("rmsNorm " + n, y);
            }
        }
    }

    @Test
    void rmsNormBackward() {
        for (int n : NORM_LENGTHS) {
            float[] x = spreadRows(n, 0.3f);
            float[] gain = array(n);
            float[] dy = array(n);
            float[] dx = array(n);
            float[] dGain = array(n);
            double[] x0 = toDouble(x, 0, n);
            double[] gain0 = toDouble(gain, 0, n);
            double[] dy0 = toDouble(dy, 0, n);
            Expected expectedX = new Expected(dx);
            Expected expectedGain = new Expected(dGain);
            expectGradient(expectedX, 0, x0, normTolerance(n), at -> inner(dy0, rmsNormOf(at, gain0, EPSILON)));
            expectGradient(expectedGain, 0, gain0, normTolerance(n), at -> inner(dy0, rmsNormOf(x0, at, EPSILON)));
            kernels.rmsNormBackward(1, n, x, gain, EPSILON, dy, dx, dGain);
            expectedX.check("rmsNorm's dx " + n, dx);
            expectedGain.check("rmsNorm's dGain " + n, dGain);
        }
    }

    @Test
    void layerNorm() {
        for (int n : NORM_LENGTHS) {
            int rows = 3;
            int xRow = n + 2;
            int yRow = n + 1;
            int gainOffset = 5;
            float[] x = spreadRows(rows * xRow, 0.3f);
            float[] gain = array(n + gainOffset);
            float[] bias = array(n + gainOffset);
            float[] y = array(rows * yRow);
            Expected expected = new Expected(y);
            for (int r = 0; r < rows; r++) {
                double[] row = layerNormOf(
                        toDouble(x, GUARD + r * xRow, n),
                        toDouble(gain, gainOffset, n),
                        toDouble(bias, gainOffset, n),
                        EPSILON);
                for (int i = 0; i < n; i++) {
                    expected.set(GUARD + r * yRow + i, row[i], normTolerance(n));
                }
            }
            kernels.layerNorm(rows, n, x, GUARD, xRow, gain, bias, gainOffset, EPSILON, y, GUARD, yRow);
            expected.check("layerNorm " + n, y);
        }
    }

    /** A constant row has no variance; a mean far from zero must not eat the digits of what varies. */
    @Test
    void layerNormOfConstantAndDistantRows() {
        int n = 24;
        float[] gain = new float[n];
        Arrays.fill(gain, 2f);
        float[] bias = new float[n];
        Arrays.fill(bias, 0.5f);
        float[] x = new float[n];
        Arrays.fill(x, 7f);
        float[] y = new float[n];
        kernels.layerNorm(1, n, x, 0, n, gain, bias, 0, 1e-12f, y, 0, n);
        assertThat(y).containsOnly(0.5f);
        for (int i = 0; i < n; i++) {
            x[i] = 1000f + i % 2;
        }
        kernels.layerNorm(1, n, x, 0, n, gain, bias, 0, 1e-12f, y, 0, n);
        for (int i = 0; i < n; i++) {
            assertThat(y[i]).isCloseTo(i % 2 == 0 ? -1.5f : 2.5f, within(1e-5f));
        }
    }

    @Test
    void layerNormBackward() {
        for (int n : NORM_LENGTHS) {
            int gainOffset = 5;
            int dGainOffset = 3;
            float[] x = spreadRows(2 * (n + 2), 0.3f);
            float[] gain = array(n + gainOffset);
            float[] dy = array(2 * (n + 1));
            float[] dx = array(2 * (n + 4));
            float[] dGain = array(n);
            float[] dBias = array(n);
            Expected expectedX = new Expected(dx);
            Expected expectedGain = new Expected(dGain);
            Expected expectedBias = new Expected(dBias);
            double[] gain0 = toDouble(gain, gainOffset, n);
            double[] bias0 = new double[n];
            double[][] rows = {toDouble(x, GUARD, n), toDouble(x, GUARD + n + 2, n)};
            double[][] dRows = {toDouble(dy, GUARD, n), toDouble(dy, GUARD + n + 1, n)};
            for (int r = 0; r < 2; r++) {
                double[] d = dRows[r];
                expectGradient(
                        expectedX,
                        GUARD + r * (n + 4),
                        rows[r],
                        normTolerance(n),
                        at -> inner(d, layerNormOf(at, gain0, bias0, EPSILON)));
            }
            expectGradient(
                    expectedGain,
                    dGainOffset,
                    gain0,
                    normTolerance(n),
                    at -> inner(dRows[0], layerNormOf(rows[0], at, bias0, EPSILON))
                            + inner(dRows[1], layerNormOf(rows[1], at, bias0, EPSILON)));
            for (int i = 0; i < n; i++) {
                int at = dGainOffset + i;
                expectedBias.set(at, dBias[at] + dRows[0][i] + dRows[1][i], 4 * ULP);
            }
            kernels.layerNormBackward(
                    2,
                    n,
                    x,
                    GUARD,
                    n + 2,
                    gain,
                    gainOffset,
                    EPSILON,
                    dy,
                    GUARD,
                    n + 1,
                    dx,
                    GUARD,
                    n + 4,
                    dGain,
                    dBias,
                    dGainOffset);
            expectedX.check("layerNorm's dx " + n, dx);
            expectedGain.check("layerNorm's dGain " + n, dGain);
            expectedBias.check("layerNorm's dBias " + n, dBias);
        }
    }

    @Test
    void normalizedRegression() {
        for (int n : NORM_LENGTHS) {
            int gainOffset = 5;
            int rows = 3;
            float[] z = spreadRows(rows * n, 0.3f);
            float[] target = array(rows * n + 1);
            float[] gain = array(n + gainOffset);
            float[] bias = array(n + gainOffset);
            float[] y = array(rows * n + 2);
            Expected expected = new Expected(y);
            double[] gain0 = toDouble(gain, gainOffset, n);
            double[] bias0 = toDouble(bias, gainOffset, n);
            for (int r = 0; r < rows; r++) {
                double[] z0 = toDouble(z, GUARD + r * n, n);
                double[] target0 = toDouble(target, GUARD + 1 + r * n, n);
                double[] gradient = regressionGradient(z0, target0, gain0, bias0, EPSILON);
                double[] differences = FiniteDifferences.gradient(
                        at -> {
                            double[] residual = layerNormOf(at, gain0, bias0, EPSILON);
                            for (int i = 0; i < n; i++) {
                                residual[i] -= target0[i];
                            }
                            return 0.5 * inner(residual, residual);
                        },
                        z0);
                assertThat(gradient).as("this test's reference").containsExactly(differences, within(1e-7));
                for (int i = 0; i < n; i++) {
                    expected.set(GUARD + 2 + r * n + i, gradient[i], normTolerance(n));
                }
            }
            kernels.normalizedRegression(
                    rows, n, z, GUARD, target, GUARD + 1, gain, bias, gainOffset, EPSILON, y, GUARD + 2);
            expected.check("normalizedRegression " + n, y);
        }
    }

    @Test
    void normalizedRegressionBackward() {
        for (int n : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64}) {
            int gainOffset = 5;
            int dGainOffset = 3;
            int rows = 2;
            float[] z = spreadRows(rows * n, 0.3f);
            float[] target = array(rows * n + 1);
            float[] gain = array(n + gainOffset);
            float[] bias = array(n + gainOffset);
            float[] dy = array(rows * n + 2);
            float[] dz = array(rows * n + 3);
            float[] dTarget = array(rows * n + 4);
            float[] dGain = array(n);
            float[] dBias = array(n);
            Expected expectedZ = new Expected(dz);
            Expected expectedTarget = new Expected(dTarget);
            Expected expectedGain = new Expected(dGain);
            Expected expectedBias = new Expected(dBias);
            double[] gain0 = toDouble(gain, gainOffset, n);
            double[] bias0 = toDouble(bias, gainOffset, n);
            double[] gainSum = new double[n];
            double[] biasSum = new double[n];
            double tolerance = 2 * normTolerance(n);
            for (int r = 0; r < rows; r++) {
                double[] z0 = toDouble(z, GUARD + r * n, n);
                double[] target0 = toDouble(target, GUARD + 1 + r * n, n);
                double[] dy0 = toDouble(dy, GUARD + 2 + r * n, n);
                double[] gradientZ = FiniteDifferences.gradient(
                        at -> inner(dy0, regressionGradient(at, target0, gain0, bias0, EPSILON)), z0);
                double[] gradientTarget = FiniteDifferences.gradient(
                        at -> inner(dy0, regressionGradient(z0, at, gain0, bias0, EPSILON)), target0);
                double[] gradientGain = FiniteDifferences.gradient(
                        at -> inner(dy0, regressionGradient(z0, target0, at, bias0, EPSILON)), gain0);
                double[] gradientBias = FiniteDifferences.gradient(
                        at -> inner(dy0, regressionGradient(z0, target0, gain0, at, EPSILON)), bias0);
                for (int i = 0; i < n; i++) {
                    expectedZ.set(GUARD + 3 + r * n + i, gradientZ[i], tolerance);
                    expectedTarget.set(GUARD + 4 + r * n + i, gradientTarget[i], tolerance);
                    gainSum[i] += gradientGain[i];
                    biasSum[i] += gradientBias[i];
                }
            }
            for (int i = 0; i < n; i++) {
                int at = dGainOffset + i;
                expectedGain.set(at, dGain[at] + gainSum[i], tolerance);
                expectedBias.set(at, dBias[at] + biasSum[i], tolerance);
            }
            kernels.normalizedRegressionBackward(
                    rows,
                    n,
                    z,
                    GUARD,
                    target,
                    GUARD + 1,
                    gain,
                    bias,
                    gainOffset,
                    EPSILON,
                    dy,
                    GUARD + 2,
                    dz,
                    GUARD + 3,
                    dTarget,
                    GUARD + 4,
                    dGain,
                    dBias,
                    dGainOffset);
            expectedZ.check("normalizedRegression's dz " + n, dz);
            expectedTarget.check("normalizedRegression's dTarget " + n, dTarget);
            expectedGain.check("normalizedRegression's dGain " + n, dGain);
            expectedBias.check("normalizedRegression's dBias " + n, dBias);
        }
    }

    // Optimiser

    @Test
    void adam() {
        for (int n : lengths()) {
            float[] w = array(n);
            float[] g = array(n);
            float[] m = array(n);
            float[] v = array(n);
            for (int i = 0; i < v.length; i++) {
                v[i] = Math.abs(v[i]);
            }
            Expected expectedG = new Expected(g);
            Expected expectedW = new Expected(w);
            Expected expectedM = new Expected(m);
            Expected expectedV = new Expected(v);
            float beta1 = 0.9f;
            float beta2 = 0.999f;
            float epsilon = 1e-8f;
            float stepSize = 0.01f;
            float vCorrection = 3f;
            for (int i = GUARD; i < GUARD + n; i++) {
                double first = (double) beta1 * m[i] + (1.0 - beta1) * g[i];
                double second = (double) beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
                expectedM.set(i, first, 4 * ULP);
                expectedV.set(i, second, 4 * ULP);
                double step = stepSize * first / (Math.sqrt(second * vCorrection) + epsilon);
                expectedW.set(i, w[i] - step, ULP * (2 + Math.abs(step) * 8));
            }
            kernels.adam(GUARD, GUARD + n, w, g, m, v, stepSize, vCorrection, beta1, beta2, epsilon);
            expectedW.check("adam's w " + n, w);
            expectedM.check("adam's m " + n, m);
            expectedV.check("adam's v " + n, v);
            expectedG.check("adam's g " + n, g);
        }
    }

    @Test
    void adamLeavesAloneWhatNeverHadAGradient() {
        float[] w = array(21);
        Expected untouched = new Expected(w);
        kernels.adam(
                GUARD,
                GUARD + 21,
                w,
                new float[w.length],
                new float[w.length],
                new float[w.length],
                0.1f,
                1000f,
                0.9f,
                0.999f,
                1e-8f);
        untouched.check("adam without gradient", w);
    }
}
