package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;
import static io.github.ttt4rec.testing.Numbers.toDouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.testing.FiniteDifferences;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Norms and the inner loss; see {@link KernelsContract}. Rows vary by ±1 around a mean, so that their deviation is near
 * 1 and rounding errors are not amplified.
 */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ttt4rec.kernels.KernelsContract#implementations")
class NormKernelsTest extends KernelsContract {
    NormKernelsTest(Named implementation) {
        super(implementation);
    }

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

    /** The gradient of ½‖LayerNorm(z) − target‖², from the explicit Jacobian of the normalisation. */
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
            kernels.layerNorm(
                    rows,
                    new RowNorm(new Affine(gain, bias, gainOffset), n, EPSILON),
                    Matrix.of(x, GUARD, xRow),
                    Matrix.of(y, GUARD, yRow));
            expected.check("layerNorm " + n, y);
        }
    }

    /** A constant row has no variance, and a mean far from zero must not cost the precision of the deviations. */
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
        kernels.layerNorm(1, new RowNorm(new Affine(gain, bias, 0), n, 1e-12f), Matrix.of(x, 0, n), Matrix.of(y, 0, n));
        assertThat(y).containsOnly(0.5f);
        for (int i = 0; i < n; i++) {
            x[i] = 1000f + i % 2;
        }
        kernels.layerNorm(1, new RowNorm(new Affine(gain, bias, 0), n, 1e-12f), Matrix.of(x, 0, n), Matrix.of(y, 0, n));
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
            float[] bias = array(n + gainOffset);
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
                    new RowNorm(new Affine(gain, bias, gainOffset), n, EPSILON),
                    Matrix.of(x, GUARD, n + 2),
                    Matrix.of(dy, GUARD, n + 1),
                    Matrix.of(dx, GUARD, n + 4),
                    new Affine(dGain, dBias, dGainOffset));
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
                    rows,
                    new RowNorm(new Affine(gain, bias, gainOffset), n, EPSILON),
                    new Slice(z, GUARD),
                    new Slice(target, GUARD + 1),
                    new Slice(y, GUARD + 2));
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
                    new RowNorm(new Affine(gain, bias, gainOffset), n, EPSILON),
                    new Slice(z, GUARD),
                    new Slice(target, GUARD + 1),
                    new Slice(dy, GUARD + 2),
                    new Slice(dz, GUARD + 3),
                    new Slice(dTarget, GUARD + 4),
                    new Affine(dGain, dBias, dGainOffset));
            expectedZ.check("normalizedRegression's dz " + n, dz);
            expectedTarget.check("normalizedRegression's dTarget " + n, dTarget);
            expectedGain.check("normalizedRegression's dGain " + n, dGain);
            expectedBias.check("normalizedRegression's dBias " + n, dBias);
        }
    }
}
