package io.github.ttt4rec.kernels;

/** Products of matrices and vectors. Part of {@link Kernels}. */
public interface MatrixKernels {
    /**
     * Matrix product {@code C = A·B} or, accumulating, {@code C += A·B}, with A {@code (m, k)}, B {@code (k, n)}, C
     * {@code (m, n)}. A may be transposed or strided: its element (i, p) is {@code a[aOffset + i·aRow + p·aColumn]}. B
     * and C have adjacent columns and rows {@code bRow}, {@code cRow} apart. C must not overlap A or B.
     */
    void gemm(
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
            boolean accumulate);

    /**
     * Products of rows with rows, {@code C = A·Bᵀ}: A {@code (m, k)}, B {@code (n, k)}, C {@code (m, n)}. For small n and
     * m, where transposing B first would cost more than it brings.
     */
    void gemmRows(
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
            int cRow);

    /**
     * The transpose of x {@code (rows, columns)}: {@code y[yOffset + c·yRow + r] = x[xOffset + r·xRow + c]}. x and y must not
     * overlap.
     */
    void transpose(int rows, int columns, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow);

    /** The inner product of two vectors of n elements. */
    float dot(int n, float[] x, int xOffset, float[] y, int yOffset);
}
