package io.github.ttt4rec.kernels;

/** Selective state spaces. Part of {@link Kernels}. */
public interface StateSpaceKernels {
    /**
     * One step of a selective state space model (Gu and Dao 2023, arXiv 2312.00752, equation 2a with the discretisation
     * of its code): for state i and channel c, {@code after[i, c] = exp(dt[c]·a[i, c])·before[i, c] + dt[c]·u[c]·b[i]}
     * and {@code y[c] = Σ_i cs[i]·after[i, c]}. Hidden states and a are {@code (states, channels)}, so that kernels
     * vectorise over channels. {@code before} and {@code after} may be the same.
     */
    void selectiveStep(int channels, int states, SelectiveInputs in, Slice before, Slice after, Slice y);

    /**
     * Backward of {@link #selectiveStep}; adds to the gradients of its inputs.
     *
     * @param dy the gradient with respect to y; that of this step starts at the offset of {@code in}
     * @param dState in: the gradient with respect to {@code after} through later steps; out: the gradient with respect
     *     to {@code before}
     * @param dIn receives the gradients; its offsets must equal those of {@code in}
     */
    void selectiveStepBackward(
            int channels,
            int states,
            SelectiveInputs in,
            Slice before,
            Slice after,
            float[] dy,
            float[] dState,
            SelectiveInputs dIn);
}
