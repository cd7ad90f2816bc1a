package io.github.ttt4rec.kernels;

/** The update of an optimiser. Part of {@link Kernels}. */
public interface OptimizerKernels {
    /**
     * One step of Adam for elements {@code from .. to − 1}: {@code m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −=
     * stepSize·m/(√(v·vCorrection) + ε)}.
     */
    void adam(int from, int to, float[] w, float[] g, float[] m, float[] v, AdamStep step);
}
