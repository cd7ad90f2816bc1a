package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Products of each row with the earlier rows of its group; see {@link KernelsContract}. */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ttt4rec.kernels.KernelsContract#implementations")
class CausalKernelsTest extends KernelsContract {
    /** Groups of 1, 8, 2, 3 and 5 rows. */
    private static final int[] STARTS = {0, 1, 9, 11, 14, 19};

    private static final int GROUPS = STARTS.length - 1;
    private static final int ROWS = 19;
    private static final int K = 8;

    CausalKernelsTest(Named implementation) {
        super(implementation);
    }

    /** Receives each row i, each earlier row j of its group or itself, and the index of their entry. */
    @FunctionalInterface
    private interface Pairs {
        void pair(int i, int j, int entry);
    }

    private static void forEachPair(Pairs pairs) {
        for (int g = 0; g < GROUPS; g++) {
            for (int i = STARTS[g]; i < STARTS[g + 1]; i++) {
                for (int j = STARTS[g]; j <= i; j++) {
                    pairs.pair(i, j, GUARD + i * K + j - STARTS[g]);
                }
            }
        }
    }

    @Test
    void products() {
        for (int n : lengths()) {
            for (int from : new int[] {0, 4, ROWS}) {
                float[] x = array(ROWS * n);
                float[] y = array(ROWS * n);
                float[] pairs = array(ROWS * K);
                Expected expected = new Expected(pairs);
                forEachPair((i, j, entry) -> {
                    double sum = 0;
                    for (int p = 0; p < n; p++) {
                        sum += (double) x[GUARD + i * n + p] * y[GUARD + j * n + p];
                    }
                    if (i >= from) {
                        expected.set(entry, sum, tolerance(n));
                    }
                });
                kernels.causalProducts(
                        from, STARTS, GROUPS, n, new Slice(x, GUARD), new Slice(y, GUARD), Matrix.of(pairs, GUARD, K));
                expected.check("products " + n + " from " + from, pairs);
            }
        }
    }

    @Test
    void sums() {
        for (int n : lengths()) {
            for (int from : new int[] {0, 4, ROWS}) {
                float[] x = array(ROWS * n);
                float[] y = array(ROWS * n);
                float[] pairs = array(ROWS * K);
                double[] sums = doubles(y);
                Expected expected = new Expected(y);
                forEachPair((i, j, entry) -> {
                    for (int p = 0; p < n && i >= from; p++) {
                        sums[GUARD + i * n + p] += (double) pairs[entry] * x[GUARD + j * n + p];
                        expected.set(GUARD + i * n + p, sums[GUARD + i * n + p], tolerance(K));
                    }
                });
                kernels.causalSums(
                        from, STARTS, GROUPS, n, Matrix.of(pairs, GUARD, K), new Slice(x, GUARD), new Slice(y, GUARD));
                expected.check("sums " + n + " from " + from, y);
            }
        }
    }

    @Test
    void columnSums() {
        for (int n : lengths()) {
            float[] x = array(ROWS * n);
            float[] y = array(ROWS * n);
            float[] pairs = array(ROWS * K);
            double[] sums = doubles(y);
            Expected expected = new Expected(y);
            forEachPair((i, j, entry) -> {
                for (int p = 0; p < n; p++) {
                    sums[GUARD + j * n + p] += (double) pairs[entry] * x[GUARD + i * n + p];
                    expected.set(GUARD + j * n + p, sums[GUARD + j * n + p], tolerance(K));
                }
            });
            kernels.causalColumnSums(
                    STARTS, GROUPS, n, Matrix.of(pairs, GUARD, K), new Slice(x, GUARD), new Slice(y, GUARD));
            expected.check("column sums " + n, y);
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
