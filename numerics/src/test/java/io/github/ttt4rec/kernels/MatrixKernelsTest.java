package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products; see {@link KernelsContract}. */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ttt4rec.kernels.KernelsContract#implementations")
class MatrixKernelsTest extends KernelsContract {
    MatrixKernelsTest(Named implementation) {
        super(implementation);
    }

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
                kernels.gemm(
                        m,
                        n,
                        k,
                        new Matrix(a, GUARD, aRow, aColumn),
                        Matrix.of(b, GUARD, bRow),
                        Matrix.of(c, GUARD, cRow),
                        accumulate);
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
        kernels.gemm(m, n, k, new Matrix(a, GUARD, 90, 7), Matrix.of(b, GUARD, n), Matrix.of(c, GUARD, n), false);
        expected.check("gemm, strided", c);
    }

    @Test
    void gemmOverwritesC() {
        float[] c = array(3 * 40);
        Arrays.fill(c, Float.NaN);
        kernels.gemm(
                3,
                40,
                2,
                Matrix.of(new float[6], 0, 2),
                Matrix.of(new float[80], 0, 40),
                Matrix.of(c, GUARD, 40),
                false);
        assertThat(Arrays.copyOfRange(c, GUARD, GUARD + 120)).containsOnly(0f);
    }

    @Test
    void gemmRows() {
        for (int k : lengths()) {
            for (int m : new int[] {1, 3, 8}) {
                int n = 3 + m;
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
                kernels.gemmRows(
                        m, n, k, Matrix.of(a, GUARD, aRow), Matrix.of(b, GUARD, bRow), Matrix.of(c, GUARD, cRow));
                expected.check("gemmRows " + m + ", " + k, c);
            }
        }
    }

    @Test
    void transpose() {
        for (int rows : new int[] {1, 3, 8, 16, 17, 24}) {
            for (int columns : new int[] {1, 5, 8, 15, 16, 33, 64}) {
                int xRow = columns + rows % 3;
                int yRow = rows + columns % 4;
                float[] x = array(rows * xRow);
                float[] y = array(columns * yRow);
                Expected expected = new Expected(y);
                for (int r = 0; r < rows; r++) {
                    for (int c = 0; c < columns; c++) {
                        expected.set(GUARD + c * yRow + r, x[GUARD + r * xRow + c], 0);
                    }
                }
                kernels.transpose(rows, columns, x, GUARD, xRow, y, GUARD, yRow);
                expected.check("transpose " + rows + "×" + columns, y);
            }
        }
    }

    private static double dotOf(int n, float[] x, int xOffset, float[] y, int yOffset) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) x[xOffset + i] * y[yOffset + i];
        }
        return sum;
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
}
