package io.github.ttt4rec.kernels;

/** Products of matrices and vectors. */
interface VectorMatrix extends MatrixKernels {
    @Override
    default void gemm(int m, int n, int k, Matrix a, Matrix b, Matrix c, boolean accumulate) {
        VectorGemm.gemm(
                m,
                n,
                k,
                a.array(),
                a.offset(),
                a.row(),
                a.column(),
                b.array(),
                b.offset(),
                b.row(),
                c.array(),
                c.offset(),
                c.row(),
                accumulate);
    }

    @Override
    default void gemmRows(int m, int n, int k, Matrix a, Matrix b, Matrix c) {
        VectorGemm.gemmRows(
                m,
                n,
                k,
                a.array(),
                a.offset(),
                a.row(),
                b.array(),
                b.offset(),
                b.row(),
                c.array(),
                c.offset(),
                c.row());
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
        return VectorDots.one(n, x, xOffset, y, yOffset);
    }
}
