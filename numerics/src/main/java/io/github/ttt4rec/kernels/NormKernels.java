package io.github.ttt4rec.kernels;

/** Norms of rows, and the inner loss's gradient, which contains one. Part of {@link Kernels}. */
public interface NormKernels {
    /** {@code y = gain·x/√(mean(x²) + epsilon)} for each row of n elements. Rows of x and y are adjacent. */
    void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y);

    /** Backward of {@link #rmsNorm}; adds to dx and dGain. */
    void rmsNormBackward(
            int rows, int n, float[] x, float[] gain, float epsilon, float[] dy, float[] dx, float[] dGain);

    /** {@link RowNorm LayerNorm} of each row, {@code y = norm(x)}. Columns of x and y are adjacent; y may be x. */
    void layerNorm(int rows, RowNorm norm, Matrix x, Matrix y);

    /** Backward of {@link #layerNorm} from its input x; adds to dx and dAffine. Columns of x, dy and dx are adjacent. */
    void layerNormBackward(int rows, RowNorm norm, Matrix x, Matrix dy, Matrix dx, Affine dAffine);

    /**
     * The gradient of {@code ½‖LayerNorm(z) − target‖²} with respect to z, for each of the rows; everything row-major with
     * adjacent rows of n elements. With x̂ the normalised z, s its standard deviation, g = gain·(gain·x̂ + bias − target):
     * {@code (g − mean(g) − x̂·mean(g·x̂))/s}.
     */
    void normalizedRegression(int rows, RowNorm norm, Slice z, Slice target, Slice y);

    /**
     * Backward of {@link #normalizedRegression}: from dy, SETS dz and dTarget, which must overlap nothing else, and
     * adds to dAffine (the second derivatives of the regression loss).
     */
    void normalizedRegressionBackward(
            int rows, RowNorm norm, Slice z, Slice target, Slice dy, Slice dz, Slice dTarget, Affine dAffine);
}
