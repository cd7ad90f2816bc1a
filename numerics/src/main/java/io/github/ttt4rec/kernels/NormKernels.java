package io.github.ttt4rec.kernels;

/** Norms of rows, and the inner loss's gradient, which contains one. Part of {@link Kernels}. */
public interface NormKernels {
    /** {@code y = gain·x/√(mean(x²) + epsilon)} for each row of n elements. Rows of x and y are adjacent. */
    void rmsNorm(int rows, int n, float[] x, float[] gain, float epsilon, float[] y);

    /** Backward of {@link #rmsNorm}; adds to dx and dGain. */
    void rmsNormBackward(
            int rows, int n, float[] x, float[] gain, float epsilon, float[] dy, float[] dx, float[] dGain);

    /**
     * LayerNorm of each row: {@code y = gain·(x − mean)/√(variance + epsilon) + bias}, variance over n.
     *
     * @param gainOffset where gain and bias begin in their arrays
     */
    void layerNorm(
            int rows,
            int n,
            float[] x,
            int xOffset,
            int xRow,
            float[] gain,
            float[] bias,
            int gainOffset,
            float epsilon,
            float[] y,
            int yOffset,
            int yRow);

    /** Backward of {@link #layerNorm} from its input x; adds to dx, dGain and dBias. */
    void layerNormBackward(
            int rows,
            int n,
            float[] x,
            int xOffset,
            int xRow,
            float[] gain,
            int gainOffset,
            float epsilon,
            float[] dy,
            int dyOffset,
            int dyRow,
            float[] dx,
            int dxOffset,
            int dxRow,
            float[] dGain,
            float[] dBias,
            int dGainOffset);

    /**
     * The gradient of {@code ½‖LayerNorm(z) − target‖²} with respect to z, for each of the rows; everything row-major with
     * adjacent rows of n elements. With x̂ the normalised z, s its standard deviation, g = gain·(gain·x̂ + bias − target):
     * {@code (g − mean(g) − x̂·mean(g·x̂))/s}.
     */
    void normalizedRegression(
            int rows,
            int n,
            float[] z,
            int zOffset,
            float[] target,
            int targetOffset,
            float[] gain,
            float[] bias,
            int gainOffset,
            float epsilon,
            float[] y,
            int yOffset);

    /**
     * Backward of {@link #normalizedRegression}: from dy, SETS dz and dTarget and adds to dGain and dBias (the second
     * derivatives of the regression loss).
     */
    void normalizedRegressionBackward(
            int rows,
            int n,
            float[] z,
            int zOffset,
            float[] target,
            int targetOffset,
            float[] gain,
            float[] bias,
            int gainOffset,
            float epsilon,
            float[] dy,
            int dyOffset,
            float[] dz,
            int dzOffset,
            float[] dTarget,
            int dTargetOffset,
            float[] dGain,
            float[] dBias,
            int dGainOffset);
}
