package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Steps of an optimiser. */
interface VectorOptimizer extends OptimizerKernels {
    @Override
    default void adam(
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
            float epsilon) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, i);
            FloatVector first = FloatVector.fromArray(SPECIES, m, i).mul(beta1).add(gradient.mul(1 - beta1));
            FloatVector second = FloatVector.fromArray(SPECIES, v, i)
                    .mul(beta2)
                    .add(gradient.mul(gradient).mul(1 - beta2));
            first.intoArray(m, i);
            second.intoArray(v, i);
            FloatVector denominator = second.mul(vCorrection).sqrt().add(epsilon);
            FloatVector.fromArray(SPECIES, w, i)
                    .sub(first.mul(stepSize).div(denominator))
                    .intoArray(w, i);
        }
        if (i < to) {
            VectorMask<Float> rest = mask(i, to);
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, i, rest);
            FloatVector first =
                    FloatVector.fromArray(SPECIES, m, i, rest).mul(beta1).add(gradient.mul(1 - beta1));
            FloatVector second = FloatVector.fromArray(SPECIES, v, i, rest)
                    .mul(beta2)
                    .add(gradient.mul(gradient).mul(1 - beta2));
            first.intoArray(m, i, rest);
            second.intoArray(v, i, rest);
            FloatVector denominator = second.mul(vCorrection).sqrt().add(epsilon);
            FloatVector.fromArray(SPECIES, w, i, rest)
                    .sub(first.mul(stepSize).div(denominator))
                    .intoArray(w, i, rest);
        }
    }
}
