package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Inner products of one row with four others. */
final class VectorDots {
    private VectorDots() {}

    /** {@code c[cOffset + j] = Σ_p a_p·b_jp} for j = 0 … 3. */
    static void four(int n, float[] a, int aOffset, float[] b, int bOffset, int bRow, float[] c, int cOffset) {
        int b1 = bOffset + bRow;
        int b2 = b1 + bRow;
        int b3 = b2 + bRow;
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, a, aOffset + i);
            s0 = x.fma(FloatVector.fromArray(SPECIES, b, bOffset + i), s0);
            s1 = x.fma(FloatVector.fromArray(SPECIES, b, b1 + i), s1);
            s2 = x.fma(FloatVector.fromArray(SPECIES, b, b2 + i), s2);
            s3 = x.fma(FloatVector.fromArray(SPECIES, b, b3 + i), s3);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector x = FloatVector.fromArray(SPECIES, a, aOffset + i, rest);
            s0 = x.fma(FloatVector.fromArray(SPECIES, b, bOffset + i, rest), s0);
            s1 = x.fma(FloatVector.fromArray(SPECIES, b, b1 + i, rest), s1);
            s2 = x.fma(FloatVector.fromArray(SPECIES, b, b2 + i, rest), s2);
            s3 = x.fma(FloatVector.fromArray(SPECIES, b, b3 + i, rest), s3);
        }
        c[cOffset] = Lanes.sum(s0);
        c[cOffset + 1] = Lanes.sum(s1);
        c[cOffset + 2] = Lanes.sum(s2);
        c[cOffset + 3] = Lanes.sum(s3);
    }
}
