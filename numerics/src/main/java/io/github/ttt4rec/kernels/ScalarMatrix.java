package io.github.ttt4rec.kernels;

import java.util.Arrays;

/** Products of matrices and vectors. */
interface ScalarMatrix extends MatrixKernels {
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
        for (int i = 0; i < m; i++) {
            int ci = cOffset + i * cRow;
            if (!accumulate) {
                Arrays.fill(c, ci, ci + n, 0f);
            }
            for (int p = 0; p < k; p++) {
                float factor = a[aOffset + i * aRow + p * aColumn];
                for (int j = 0; j < n; j++) {
                    c[ci + j] = Math.fma(factor, b[bOffset + p * bRow + j], c[ci + j]);
                }
            }
        }
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
    default void transpose(int rows, int columns, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                y[yOffset + c * yRow + r] = x[xOffset + r * xRow + c];
            }
        }
    }

    @Override
    default float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) x[xOffset + i] * y[yOffset + i];
        }
        return (float) sum;
    }
}
