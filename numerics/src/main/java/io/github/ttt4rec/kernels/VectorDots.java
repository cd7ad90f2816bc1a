package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The inner product of two rows. */
final class VectorDots {
    private VectorDots() {}

    /** {@code Σ_p x_p·y_p}. */
    static float one(int n, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            s0 = FloatVector.fromArray(SPECIES, x, xOffset + i).fma(FloatVector.fromArray(SPECIES, y, yOffset + i), s0);
            s1 = FloatVector.fromArray(SPECIES, x, xOffset + i + LANES)
                    .fma(FloatVector.fromArray(SPECIES, y, yOffset + i + LANES), s1);
        }
        if (i <= n - LANES) {
            s0 = FloatVector.fromArray(SPECIES, x, xOffset + i).fma(FloatVector.fromArray(SPECIES, y, yOffset + i), s0);
            i += LANES;
        }
        if (i < n) {
            VectorMask<Float> rest = SPECIES.indexInRange(i, n);
            s1 = FloatVector.fromArray(SPECIES, x, xOffset + i, rest)
                    .fma(FloatVector.fromArray(SPECIES, y, yOffset + i, rest), s1);
        }
        // The sum of the lanes is written out: a vector that is handed to a method becomes an object if C2 does not
        // inline the method.
        FloatVector sum = s0.add(s1);
        if (LANES >= 16) {
            sum = sum.add(sum.rearrange(Lanes.ROTATE_8));
        }
        if (LANES >= 8) {
            sum = sum.add(sum.rearrange(Lanes.ROTATE_4));
        }
        if (LANES >= 4) {
            sum = sum.add(sum.rearrange(Lanes.ROTATE_2));
        }
        return sum.add(sum.rearrange(Lanes.ROTATE_1)).lane(0);
    }
}
