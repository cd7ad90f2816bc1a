package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The optimiser; see {@link KernelsContract}. */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.ttt4rec.kernels.KernelsContract#implementations")
class OptimizerKernelsTest extends KernelsContract {
    OptimizerKernelsTest(Named implementation) {
        super(implementation);
    }

    @Test
    void adam() {
        for (int n : lengths()) {
            float[] w = array(n);
            float[] g = array(n);
            float[] m = array(n);
            float[] v = array(n);
            for (int i = 0; i < v.length; i++) {
                v[i] = Math.abs(v[i]);
            }
            Expected expectedG = new Expected(g);
            Expected expectedW = new Expected(w);
            Expected expectedM = new Expected(m);
            Expected expectedV = new Expected(v);
            float beta1 = 0.9f;
            float beta2 = 0.999f;
            float epsilon = 1e-8f;
            float stepSize = 0.01f;
            float vCorrection = 3f;
            for (int i = GUARD; i < GUARD + n; i++) {
                double first = (double) beta1 * m[i] + (1.0 - beta1) * g[i];
                double second = (double) beta2 * v[i] + (1.0 - beta2) * g[i] * g[i];
                expectedM.set(i, first, 4 * ULP);
                expectedV.set(i, second, 4 * ULP);
                double step = stepSize * first / (Math.sqrt(second * vCorrection) + epsilon);
                expectedW.set(i, w[i] - step, ULP * (2 + Math.abs(step) * 8));
            }
            kernels.adam(GUARD, GUARD + n, w, g, m, v, new AdamStep(stepSize, vCorrection, beta1, beta2, epsilon));
            expectedW.check("adam's w " + n, w);
            expectedM.check("adam's m " + n, m);
            expectedV.check("adam's v " + n, v);
            expectedG.check("adam's g " + n, g);
        }
    }

    @Test
    void adamLeavesAloneWhatNeverHadAGradient() {
        float[] w = array(21);
        Expected untouched = new Expected(w);
        kernels.adam(
                GUARD,
                GUARD + 21,
                w,
                new float[w.length],
                new float[w.length],
                new float[w.length],
                new AdamStep(0.1f, 1000f, 0.9f, 0.999f, 1e-8f));
        untouched.check("adam without gradient", w);
    }
}
