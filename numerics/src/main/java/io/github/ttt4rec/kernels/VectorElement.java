package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Sums and products element by element. */
interface VectorElement extends ElementKernels {
    @Override
    default void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i)
                    .fma(factor, FloatVector.fromArray(SPECIES, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector.fromArray(SPECIES, x, xOffset + i, rest)
                    .fma(factor, FloatVector.fromArray(SPECIES, y, yOffset + i, rest))
                    .intoArray(y, yOffset + i, rest);
        }
    }

    @Override
    default void scale(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i).mul(alpha).intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector.fromArray(SPECIES, x, xOffset + i, rest).mul(alpha).intoArray(y, yOffset + i, rest);
        }
    }

    @Override
    default void multiply(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i)
                    .mul(FloatVector.fromArray(SPECIES, y, yOffset + i))
                    .intoArray(z, zOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector.fromArray(SPECIES, x, xOffset + i, rest)
                    .mul(FloatVector.fromArray(SPECIES, y, yOffset + i, rest))
                    .intoArray(z, zOffset + i, rest);
        }
    }

    @Override
    default void multiplyAdd(int n, float[] x, int xOffset, float[] y, int yOffset, float[] z, int zOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i)
                    .fma(FloatVector.fromArray(SPECIES, y, yOffset + i), FloatVector.fromArray(SPECIES, z, zOffset + i))
                    .intoArray(z, zOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector.fromArray(SPECIES, x, xOffset + i, rest)
                    .fma(
                            FloatVector.fromArray(SPECIES, y, yOffset + i, rest),
                            FloatVector.fromArray(SPECIES, z, zOffset + i, rest))
                    .intoArray(z, zOffset + i, rest);
        }
    }

    @Override
    default void addRows(int rows, int n, float[] x, int xOffset, int xRow, float[] y, int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector sum = FloatVector.fromArray(SPECIES, y, yOffset + i, rest);
            for (int r = 0; r < rows; r++) {
                sum = sum.add(FloatVector.fromArray(SPECIES, x, xOffset + r * xRow + i, rest));
            }
            sum.intoArray(y, yOffset + i, rest);
        }
    }
}
