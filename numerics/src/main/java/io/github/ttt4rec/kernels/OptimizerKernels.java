package io.github.ttt4rec.kernels;

/** Steps of an optimiser. Part of {@link Kernels}. */
public interface OptimizerKernels {
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
