package io.github.ttt4rec.kernels;

/** Norms of rows, and the gradient of the inner loss, which contains a norm. Part of {@link Kernels}. */
public interface NormKernels {
    /** {@code y = gain·x/√(mean(x²) + epsilon)} for each row of n elements. Rows of x and y are adjacent. */
    void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y);

    /** Backward of {@link #rmsNorm}; adds to dx and dGain. */
    void rmsNormBackward(
            int rows, int n, float[] x, float[] gain, float epsilon, float[] dy, float[] dx, float[] dGain);

    /**
     * {@link RowNorm LayerNorm} of each row, {@code y = norm(x)}. The columns of x and y must be adjacent; y may be x.
     */
    void layerNorm(int rows, RowNorm norm, Matrix x, Matrix y);

    /**
     * Backward of {@link #layerNorm} from its input x; adds to dx and dAffine. The columns of x, dy and dx must be
     * adjacent.
     */
    void layerNormBackward(int rows, RowNorm norm, Matrix x, Matrix dy, Matrix dx, Affine dAffine);

    /**
     * The gradient of {@code ½‖LayerNorm(z) − target‖²} with respect to z, for each row; all matrices are row-major
     * with adjacent rows of n elements. With the normalised z x̂, its standard deviation s and g = gain·(gain·x̂ + bias
     * − target), the gradient is {@code (g − mean(g) − x̂·mean(g·x̂))/s}.
     */
    void normalizedRegression(int rows, RowNorm norm, Slice z, Slice target, Slice y);

    /**
     * Backward of {@link #normalizedRegression}: SETS dz and dTarget from dy, and adds to dAffine. This involves the
     * second derivatives of the regression loss. dz and dTarget must not overlap anything else.
     */
    void normalizedRegressionBackward(
            int rows, RowNorm norm, Slice z, Slice target, Slice dy, Slice dz, Slice dTarget, Affine dAffine);
}
