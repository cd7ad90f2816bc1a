package io.github.ttt4rec.kernels;

import java.util.Arrays;

/** Products of matrices and vectors. */
interface ScalarMatrix extends MatrixKernels {
    @Override
    default void gemm(int m, int n, int k, Matrix a, Matrix b, Matrix c, boolean accumulate) {
        float[] values = c.array();
        for (int i = 0; i < m; i++) {
            int ci = c.at(i);
            if (!accumulate) {
                Arrays.fill(values, ci, ci + n, 0f);
            }
            for (int p = 0; p < k; p++) {
                float factor = a.get(i, p);
                float[] row = b.array();
                int bp = b.at(p);
                for (int j = 0; j < n; j++) {
                    values[ci + j] = Math.fma(factor, row[bp + j], values[ci + j]);
                }
            }
        }
    }

    @Override
    default void gemmRows(int m, int n, int k, Matrix a, Matrix b, Matrix c) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                c.set(i, j, dot(k, a.array(), a.at(i), b.array(), b.at(j)));
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
