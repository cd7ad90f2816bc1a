package io.github.ttt4rec.kernels;

/** Selective state spaces. Part of {@link Kernels}. */
public interface StateSpaceKernels {
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
}
