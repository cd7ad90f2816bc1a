package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

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
            int row = aOffset + i * aRow;
            int to = cOffset + i * cRow;
            int j = 0;
            for (; j <= n - 4; j += 4) {
                VectorDots.four(k, a, row, b, bOffset + j * bRow, bRow, c, to + j);
            }
            for (; j < n; j++) {
                c[to + j] = dot(k, a, row, b, bOffset + j * bRow);
            }
        }
    }

    @Override
    default void transpose(int rows, int columns, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
        int size = VectorTranspose.SIZE;
        int r = 0;
        if (VectorTranspose.IS_FAST) {
            for (; r <= rows - size; r += size) {
                int c = 0;
                for (; c <= columns - size; c += size) {
                    VectorTranspose.square(x, xOffset + r * xRow + c, xRow, y, yOffset + c * yRow + r, yRow);
                }
                for (; c < columns; c++) {
                    for (int i = r; i < r + size; i++) {
                        y[yOffset + c * yRow + i] = x[xOffset + i * xRow + c];
                    }
                }
            }
        }
        for (; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                y[yOffset + c * yRow + r] = x[xOffset + r * xRow + c];
            }
        }
    }

    @Override
    default float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            s0 = FloatVector.fromArray(SPECIES, x, xOffset + i).fma(FloatVector.fromArray(SPECIES, y, yOffset + i), s0);
            s1 = FloatVector.fromArray(SPECIES, x, xOffset + i + LANES)
                    .fma(FloatVector.fromArray(SPECIES, y, yOffset + i + LANES), s1);
        }
        if (i <= n - LANES) {
            s0 = FloatVector.fromArray(SPECIES, x, xOffset + i).fma(FloatVector.fromArray(SPECIES, y, yOffset + i), s0);
            i += LANES;
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            s1 = FloatVector.fromArray(SPECIES, x, xOffset + i, rest)
                    .fma(FloatVector.fromArray(SPECIES, y, yOffset + i, rest), s1);
        }
        // Lanes.sum written out: a vector that is handed to a method becomes an object if C2 does not inline the
        // method.
        FloatVector sum = s0.add(s1);
        if (LANES >= 16) {
            sum = sum.add(sum.rearrange(Lanes.ROTATE_8));
        }
        if (LANES >= 8) {
            sum = sum.add(sum.rearrange(Lanes.ROTATE_4));
        }
        if (LANES >= 4) {
            sum = sum.add(sum.rearrange(Lanes.ROTATE_2));
        }
        return sum.add(sum.rearrange(Lanes.ROTATE_1)).lane(0);
    }
}
