package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.load;
import static io.github.ttt4rec.kernels.Lanes.mask;
import static io.github.ttt4rec.kernels.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Products of matrices and vectors. */
interface VectorMatrix extends MatrixKernels {
    @Override
    default void gemm(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bRow,
            float[] c,
            int cOffset,
            int cRow,
            boolean accumulate) {
        VectorGemm.gemm(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow, accumulate);
    }

    @Override
    default void gemmRows(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            float[] b,
            int bOffset,
            int bRow,
            float[] c,
            int cOffset,
            int cRow) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                c[cOffset + i * cRow + j] = dot(k, a, aOffset + i * aRow, b, bOffset + j * bRow);
            }
        }
    }

    @Override
    default float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector s0 = zero();
        FloatVector s1 = zero();
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            s0 = load(x, xOffset + i).fma(load(y, yOffset + i), s0);
            s1 = load(x, xOffset + i + LANES).fma(load(y, yOffset + i + LANES), s1);
        }
        for (; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            s0 = load(x, xOffset + i, rest).fma(load(y, yOffset + i, rest), s0);
        }
        return Lanes.sum(s0.add(s1));
    }
}
