package io.github.ttt4rec.kernels;

/** The update of an optimiser. */
interface ScalarOptimizer extends OptimizerKernels {
    @Override
    default void adam(int from, int to, float[] w, float[] g, float[] m, float[] v, AdamStep step) {
        float beta1 = step.beta1();
        float beta2 = step.beta2();
        for (int i = from; i < to; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            w[i] -= step.stepSize() * m[i] / ((float) Math.sqrt(v[i] * step.vCorrection()) + step.epsilon());
        }
    }
}
