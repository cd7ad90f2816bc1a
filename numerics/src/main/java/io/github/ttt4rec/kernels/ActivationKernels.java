package io.github.ttt4rec.kernels;

/** Activation functions, gates based on them, and their derivatives. Part of {@link Kernels}. */
public interface ActivationKernels {
    /**
     * GELU in its tanh form, {@code y = x·σ(2√(2/π)(x + 0.044715x³))}, and its first derivative. y may be x.
     *
     * @param derivative receives the derivative, n elements
     */
    void gelu(int n, float[] x, int xOffset, float[] y, int yOffset, float[] derivative, int derivativeOffset);

    /**
     * Backward of {@code y = back·gelu′(x)} with GELU in its tanh form: sets {@code dx = dy·back·gelu″(x)} and replaces
     * dy by the gradient of back, {@code dy·gelu′(x)}.
     *
     * @param slope the values gelu′(x)
     */
    void geluSlopeBackward(int n, Slice x, Slice slope, Slice back, Slice dy, Slice dx);

    /** The product of SwiGLU, {@code y = silu(gate)·up}. */
    void siluMultiply(int n, float[] gate, float[] up, float[] y);

    /** Backward of {@link #siluMultiply}; adds to both gradients. */
    void siluMultiplyBackward(int n, float[] gate, float[] up, float[] dy, float[] dGate, float[] dUp);

    /** A gate {@code y = gelu(gate)·x} with GELU in its tanh form. */
    void geluMultiply(int n, float[] gate, float[] x, float[] y);

    /** Backward of {@link #geluMultiply}; adds to both gradients. */
    void geluMultiplyBackward(int n, float[] gate, float[] x, float[] dy, float[] dGate, float[] dx);

    /**
     * GELU in its exact form, {@code y = x·Φ(x)}, where Φ is the standard normal distribution function (Hendrycks and
     * Gimpel 2016).
     */
    void normalGelu(int n, float[] x, float[] y);

    /** Backward of {@link #normalGelu}; adds to dx. */
    void normalGeluBackward(int n, float[] x, float[] dy, float[] dx);

    /** {@code y = x·σ(x)}. */
    void silu(int n, float[] x, float[] y);

    /** Backward of {@link #silu}; adds to dx. */
    void siluBackward(int n, float[] x, float[] dy, float[] dx);

    /** {@code y = log(1 + eˣ)}, with full relative precision for small values. */
    void softplus(int n, float[] x, float[] y);

    /** Backward of {@link #softplus}; adds to dx. */
    void softplusBackward(int n, float[] x, float[] dy, float[] dx);

    /** The logistic function with a factor, {@code y = factor·σ(x)}. */
    void sigmoid(int n, float factor, float[] x, float[] y);
}
