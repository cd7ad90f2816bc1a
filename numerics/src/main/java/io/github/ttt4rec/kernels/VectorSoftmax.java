package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What softmax and ranking need of a row of scores. */
interface VectorSoftmax extends SoftmaxKernels {
    @Override
    default float max(int n, float[] x, int xOffset) {
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m1 = max;
        FloatVector m2 = max;
        FloatVector m3 = max;
        int i = 0;
        // Four at once, as each takes several instructions that wait for each other: Java's max minds NaN and -0.
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            max = max.max(FloatVector.fromArray(SPECIES, x, xOffset + i));
            m1 = m1.max(FloatVector.fromArray(SPECIES, x, xOffset + i + LANES));
            m2 = m2.max(FloatVector.fromArray(SPECIES, x, xOffset + i + 2 * LANES));
            m3 = m3.max(FloatVector.fromArray(SPECIES, x, xOffset + i + 3 * LANES));
        }
        max = max.max(m1).max(m2.max(m3));
        for (; i <= n - LANES; i += LANES) {
            max = max.max(FloatVector.fromArray(SPECIES, x, xOffset + i));
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            max = max.lanewise(VectorOperators.MAX, FloatVector.fromArray(SPECIES, x, xOffset + i, rest), rest);
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    @Override
    default float expAndSum(int n, float[] x, int xOffset, float shift) {
        FloatVector sum = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e =
                    Lanes.exp(FloatVector.fromArray(SPECIES, x, xOffset + i).sub(shift));
            e.intoArray(x, xOffset + i);
            sum = sum.add(e);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector e = Lanes.exp(
                    FloatVector.fromArray(SPECIES, x, xOffset + i, rest).sub(shift));
            e.intoArray(x, xOffset + i, rest);
            sum = sum.add(e, rest);
        }
        return Lanes.sum(sum);
    }

    @Override
    default int countNotLess(int n, float[] x, int xOffset, float threshold) {
        int less = 0;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            less += FloatVector.fromArray(SPECIES, x, xOffset + i).lt(threshold).trueCount();
        }
        for (; i < n; i++) {
            less += x[xOffset + i] < threshold ? 1 : 0;
        }
        return n - less;
    }
}
