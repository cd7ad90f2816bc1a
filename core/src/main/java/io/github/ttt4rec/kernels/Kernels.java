package io.github.ttt4rec.kernels;

/**
 * The numeric kernels of the models. See the package description for the conventions. All methods are stateless and safe
 * for any number of threads; none allocates.
 */
public interface Kernels {

    /** The implementation chosen for this process: SIMD where the Vector API is present, else scalar. */
    static Kernels active() {
        return KernelProvider.ACTIVE;
    }

    /** For people: which implementation this is, such as {@code vector 512 bit}. */
    String name();

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

    /** {@code y += alpha·x} over n elements. */
    void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset);

    /** {@code y = alpha·x} over n elements; x and y may be the same. */
    void scale(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset);

    /** {@code z = x·y}, element by element; z may be x or y. */
    void multiply(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset);

    /** {@code z += x·y}, element by element. */
    void multiplyAdd(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset);

    /** The inner product of two vectors of n elements. */
    float dot(int n, float[] x, int xOffset, float[] y, int yOffset);

    /** Adds each of the rows of x {@code (rows, n)} to y {@code (n)}. */
    void addRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset);

    /** The largest of n elements; n is at least 1. */
    float max(int n, float[] x, int xOffset);

    /** {@code x = exp(x − shift)} in place over n elements; returns their sum. */
    float expAndSum(int n, float[] x, int xOffset, float shift);

    /** How many of n elements are NOT less than the threshold; NaN counts. */
    int countNotLess(int n, float[] x, int xOffset, float threshold);

    /**
     * GELU in its tanh form, {@code y = x·σ(2√(2/π)(x + 0.044715x³))}, and its first derivative.
     *
     * @param derivative out, n elements
     */
    void gelu(int n, float[] x, int xOffset, float[] y, int yOffset, float[] derivative, int derivativeOffset);

    /** The second derivative of GELU's tanh form. */
    void geluSecondDerivative(int n, float[] x, int xOffset, float[] y, int yOffset);

    /** SwiGLU's product {@code y = silu(gate)·up}. */
    void siluMultiply(int n, float[] gate, float[] up, float[] y);

    /** Backward of {@link #siluMultiply}; adds to both gradients. */
    void siluMultiplyBackward(int n, float[] gate, float[] up, float[] dy, float[] dGate, float[] dUp);

    /** A GELU gate {@code y = gelu(gate)·x}. */
    void geluMultiply(int n, float[] gate, float[] x, float[] y);

    /** Backward of {@link #geluMultiply}; adds to both gradients. */
    void geluMultiplyBackward(int n, float[] gate, float[] x, float[] dy, float[] dGate, float[] dx);

    /** GELU in its exact form, {@code y = x·Φ(x)} with Φ the normal distribution's function (Hendrycks and Gimpel 2016). */
    void normalGelu(int n, float[] x, float[] y);

    /** Backward of {@link #normalGelu}; adds to dx. */
    void normalGeluBackward(int n, float[] x, float[] dy, float[] dx);

    /** {@code y = x·σ(x)}. */
    void silu(int n, float[] x, float[] y);

    /** Backward of {@link #silu}; adds to dx. */
    void siluBackward(int n, float[] x, float[] dy, float[] dx);

    /** {@code y = log(1 + eˣ)}, small values to full relative precision. */
    void softplus(int n, float[] x, float[] y);

    /** Backward of {@link #softplus}; adds to dx. */
    void softplusBackward(int n, float[] x, float[] dy, float[] dx);

    /**
     * One step of a selective state space model (Gu and Dao 2023, arXiv 2312.00752, equation 2a with the discretisation of
     * its code): for state i and channel c, {@code after[i, c] = exp(dt[c]·a[i, c])·before[i, c] + dt[c]·u[c]·b[i]} and
     * {@code y[c] = Σ_i cs[i]·after[i, c]}. Hidden states and a are {@code (states, channels)}, so that vectors run over
     * the channels. {@code before} and {@code after} may be the same place.
     */
    void selectiveStep(
            int channels,
            int states,
            float[] dt,
            int dtOffset,
            float[] u,
            int uOffset,
            float[] a,
            float[] b,
            int bOffset,
            float[] cs,
            int csOffset,
            float[] before,
            int beforeOffset,
            float[] after,
            int afterOffset,
            float[] y,
            int yOffset);

    /**
     * Backward of {@link #selectiveStep}; dt, u and dy share one offset, as do their gradients, and b and cs likewise. Adds
     * to dDt, dU, dA, dB and dCs.
     *
     * @param dState in: the loss's gradient with respect to {@code after} through later steps; out: with respect to
     *     {@code before}
     */
    void selectiveStepBackward(
            int channels,
            int states,
            float[] dt,
            float[] u,
            float[] dy,
            int offset,
            float[] a,
            float[] b,
            float[] cs,
            int stateOffset,
            float[] before,
            int beforeOffset,
            float[] after,
            int afterOffset,
            float[] dState,
            float[] dDt,
            float[] dU,
            float[] dA,
            float[] dB,
            float[] dCs);

    /** Logistic function with a factor, {@code y = factor·σ(x)}. */
    void sigmoid(int n, float factor, float[] x, float[] y);

    /**
     * One step of a gated recurrent unit (Cho et al. 2014, in PyTorch's form) for each of the rows, n units each:
     * {@code r = σ(a_r + b_r); z = σ(a_z + b_z); c = tanh(a_c + r·b_c); next = (1 − z)·c + z·previous}.
     *
     * @param gates {@code (rows, 3n)}: in, what comes from the input, {@code a = [a_r, a_z, a_c]}; out, {@code [r, z, c]}
     * @param recurrent {@code (rows, 3n)}: what comes from the previous state, {@code b = [b_r, b_z, b_c]}
     * @param previous {@code (rows, n)}
     * @param next out, {@code (rows, n)}
     */
    void gru(
            int rows,
            int n,
            float[] gates,
            int gatesOffset,
            float[] recurrent,
            int recurrentOffset,
            float[] previous,
            int previousOffset,
            float[] next,
            int nextOffset);

    /**
     * Backward of {@link #gru}; adds to dPrevious what reaches it directly, not through {@code recurrent}.
     *
     * @param gates in, {@code [r, z, c]}; out, the gradient of a
     * @param recurrent in, b; out, its gradient
     */
    void gruBackward(
            int rows,
            int n,
            float[] gates,
            int gatesOffset,
            float[] recurrent,
            int recurrentOffset,
            float[] previous,
            int previousOffset,
            float[] dNext,
            int dNextOffset,
            float[] dPrevious,
            int dPreviousOffset);

    /**
     * How well a query fits each of the keys, {@code y_j = Σ_c weight_c·σ(query_c + key_jc)}: query and weight n elements,
     * keys {@code (rows, n)}, y {@code (rows)}.
     */
    void sigmoidScores(
            int rows,
            int n,
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            float[] weight,
            float[] y,
            int yOffset);

    /** Backward of {@link #sigmoidScores}; adds to dQuery, dKeys and dWeight. */
    void sigmoidScoresBackward(
            int rows,
            int n,
            float[] query,
            int queryOffset,
            float[] keys,
            int keysOffset,
            float[] weight,
            float[] dy,
            int dyOffset,
            float[] dQuery,
            int dQueryOffset,
            float[] dKeys,
            int dKeysOffset,
            float[] dWeight);

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

    /**
     * One step of Adam (Kingma and Ba 2015, algorithm 1) over elements {@code from .. to − 1}, bias correction folded in
     * by the caller: {@code m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= stepSize·m/(√(v·vCorrection) + ε)}.
     *
     * @param stepSize learning rate/(1 − β₁ᵗ)
     * @param vCorrection 1/(1 − β₂ᵗ)
     */
    void adam(
            int from,
            int to,
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            float stepSize,
            float vCorrection,
            float beta1,
            float beta2,
            float epsilon);
}
