package io.github.ttt4rec.kernels;

/** Element-wise sums and products. */
interface ScalarElement extends ElementKernels {
    @Override
    default void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    default void scale(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = alpha * x[xOffset + i];
        }
    }

    @Override
    default void multiply(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        for (int i = 0; i < n; i++) {
            z[zOffset + i] = x[xOffset + i] * y[yOffset + i];
        }
    }

    @Override
    default void multiplyAdd(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        for (int i = 0; i < n; i++) {
            z[zOffset + i] = Math.fma(x[xOffset + i], y[yOffset + i], z[zOffset + i]);
        }
    }

    @Override
    default void addRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset) {
        for (int r = 0; r < rows; r++) {
            axpy(n, 1f, x, xOffset + r * xRow, y, yOffset);
        }
    }

    @Override
    default void copyRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(x, xOffset + r * xRow, y, yOffset + r * yRow, n);
        }
    }

    @Override
    default void addToRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
        for (int r = 0; r < rows; r++) {
            axpy(n, 1f, x, xOffset + r * xRow, y, yOffset + r * yRow);
        }
    }
}
