package io.github.ttt4rec.kernels;

/** Products of matrices and vectors. Part of {@link Kernels}. */
public interface MatrixKernels {
    /**
     * Matrix product {@code C = A·B} or, accumulating, {@code C += A·B}, with A {@code (m, k)}, B {@code (k, n)}, C
     * {@code (m, n)}. A may be transposed or strided; the columns of B and C must be adjacent. C must not overlap A or
     * B.
     */
    void gemm(int m, int n, int k, Matrix a, Matrix b, Matrix c, boolean accumulate);

    /**
     * Products of rows with rows, {@code C = A·Bᵀ}: A {@code (m, k)}, B {@code (n, k)}, C {@code (m, n)}, all with
     * adjacent columns. For small n and m, for which transposing B first would cost more than it saves. C must not
     * overlap A or B.
     */
    void gemmRows(int m, int n, int k, Matrix a, Matrix b, Matrix c);

    /**
     * The transpose of x {@code (rows, columns)}: {@code y[yOffset + c·yRow + r] = x[xOffset + r·xRow + c]}. x and y must not
     * overlap.
     */
    void transpose(int rows, int columns, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow);

    /** The inner product of two vectors of n elements. */
    float dot(int n, float[] x, int xOffset, float[] y, int yOffset);
}
