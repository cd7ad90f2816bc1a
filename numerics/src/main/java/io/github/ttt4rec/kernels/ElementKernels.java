package io.github.ttt4rec.kernels;

/** Element-wise sums and products. Part of {@link Kernels}. */
public interface ElementKernels {
    /** {@code y += alpha·x} over n elements. */
    void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset);

    /** {@code y = alpha·x} over n elements; x and y may be the same. */
    void scale(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset);

    /** {@code z = x·y}, element-wise; z may be x or y. */
    void multiply(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset);

    /** {@code z += x·y}, element-wise. */
    void multiplyAdd(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset);

    /** Adds each row of x {@code (rows, n)} to y {@code (n)}. */
    void addRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset);

    /**
     * Copies rows of x {@code (rows, n)} to rows of y {@code (rows, n)}. An {@code xRow} of 0 copies one row to all. The
     * rows must not overlap.
     */
    void copyRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow);

    /** Adds each row of x {@code (rows, n)} to the same row of y {@code (rows, n)}. The rows must not overlap. */
    void addToRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow);
}
