package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Element-wise sums and products; see {@link KernelsContract}. */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ttt4rec.kernels.KernelsContract#implementations")
class ElementKernelsTest extends KernelsContract {
    ElementKernelsTest(Named implementation) {
        super(implementation);
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
    void copyRows() {
        for (int n : lengths()) {
            for (int xRow : new int[] {0, n, n + 3}) {
                float[] x = array(4 * (n + 3));
                float[] y = array(4 * (n + 2));
                Expected expected = new Expected(y);
                for (int r = 0; r < 4; r++) {
                    for (int i = 0; i < n; i++) {
                        expected.set(GUARD + r * (n + 2) + i, x[GUARD + r * xRow + i], 0);
                    }
                }
                kernels.copyRows(4, n, x, GUARD, xRow, y, GUARD, n + 2);
                expected.check("copyRows " + n, y);
            }
        }
    }

    @Test
    void addToRows() {
        for (int n : lengths()) {
            float[] x = array(4 * (n + 3));
            float[] y = array(4 * (n + 2));
            Expected expected = new Expected(y);
            for (int r = 0; r < 4; r++) {
                for (int i = 0; i < n; i++) {
                    int at = GUARD + r * (n + 2) + i;
                    expected.set(at, (double) y[at] + x[GUARD + r * (n + 3) + i], ULP);
                }
            }
            kernels.addToRows(4, n, x, GUARD, n + 3, y, GUARD, n + 2);
            expected.check("addToRows " + n, y);
        }
    }
}
