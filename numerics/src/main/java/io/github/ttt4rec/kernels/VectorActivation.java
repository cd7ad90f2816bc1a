package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.mask;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Activation functions, gates made of them, and their derivatives. */
interface VectorActivation extends ActivationKernels {
    @Override
    default void gelu(int n, float[] x, int xOffset, float[] y, int yOffset, float[] derivative, int derivativeOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector gate = Lanes.geluGate(value);
            value.mul(gate).intoArray(y, yOffset + i);
            Lanes.geluDerivative(value, gate).intoArray(derivative, derivativeOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i, rest);
            FloatVector gate = Lanes.geluGate(value);
            value.mul(gate).intoArray(y, yOffset + i, rest);
            Lanes.geluDerivative(value, gate).intoArray(derivative, derivativeOffset + i, rest);
        }
    }

    @Override
    default void geluSlopeBackward(
            int n,
            float[] x,
            int xOffset,
            float[] slope,
            int slopeOffset,
            float[] back,
            int backOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset) {
        // In two passes, as in one C2 would allocate vectors as objects.
        geluSecondDerivative(n, x, xOffset, dx, dxOffset);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector d = FloatVector.fromArray(SPECIES, dy, dyOffset + i);
            FloatVector.fromArray(SPECIES, dx, dxOffset + i)
                    .mul(d.mul(FloatVector.fromArray(SPECIES, back, backOffset + i)))
                    .intoArray(dx, dxOffset + i);
            d.mul(FloatVector.fromArray(SPECIES, slope, slopeOffset + i)).intoArray(dy, dyOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, dyOffset + i, rest);
            FloatVector.fromArray(SPECIES, dx, dxOffset + i, rest)
                    .mul(d.mul(FloatVector.fromArray(SPECIES, back, backOffset + i, rest)))
                    .intoArray(dx, dxOffset + i, rest);
            d.mul(FloatVector.fromArray(SPECIES, slope, slopeOffset + i, rest)).intoArray(dy, dyOffset + i, rest);
        }
    }

    private static void geluSecondDerivative(int n, float[] x, int xOffset, float[] y, int yOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            Lanes.geluSecondDerivative(FloatVector.fromArray(SPECIES, x, xOffset + i))
                    .intoArray(y, yOffset + i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            Lanes.geluSecondDerivative(FloatVector.fromArray(SPECIES, x, xOffset + i, rest))
                    .intoArray(y, yOffset + i, rest);
        }
    }

    @Override
    default void siluMultiply(int n, float[] gate, float[] up, float[] y) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i);
            g.mul(Lanes.sigmoid(g)).mul(FloatVector.fromArray(SPECIES, up, i)).intoArray(y, i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i, rest);
            g.mul(Lanes.sigmoid(g))
                    .mul(FloatVector.fromArray(SPECIES, up, i, rest))
                    .intoArray(y, i, rest);
        }
    }

    @Override
    default void siluMultiplyBackward(int n, float[] gate, float[] up, float[] dy, float[] dGate, float[] dUp) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, i);
            FloatVector s = Lanes.sigmoid(g);
            FloatVector silu = g.mul(s);
            FloatVector slope =
                    s.add(silu.mul(FloatVector.broadcast(SPECIES, 1f).sub(s)));
            FloatVector.fromArray(SPECIES, dGate, i)
                    .add(d.mul(FloatVector.fromArray(SPECIES, up, i)).mul(slope))
                    .intoArray(dGate, i);
            FloatVector.fromArray(SPECIES, dUp, i).add(d.mul(silu)).intoArray(dUp, i);
        }
        if (i < n) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i, rest);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, i, rest);
            FloatVector s = Lanes.sigmoid(g);
            FloatVector silu = g.mul(s);
            FloatVector slope =
                    s.add(silu.mul(FloatVector.broadcast(SPECIES, 1f).sub(s)));
            FloatVector.fromArray(SPECIES, dGate, i, rest)
                    .add(d.mul(FloatVector.fromArray(SPECIES, up, i, rest)).mul(slope))
                    .intoArray(dGate, i, rest);
            FloatVector.fromArray(SPECIES, dUp, i, rest).add(d.mul(silu)).intoArray(dUp, i, rest);
        }
    }

    @Override
    default void geluMultiply(int n, float[] gate, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i, rest);
            g.mul(Lanes.geluGate(g))
                    .mul(FloatVector.fromArray(SPECIES, x, i, rest))
                    .intoArray(y, i, rest);
        }
    }

    @Override
    default void geluMultiplyBackward(int n, float[] gate, float[] x, float[] dy, float[] dGate, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector g = FloatVector.fromArray(SPECIES, gate, i, rest);
            FloatVector d = FloatVector.fromArray(SPECIES, dy, i, rest);
            FloatVector s = Lanes.geluGate(g);
            FloatVector.fromArray(SPECIES, dGate, i, rest)
                    .add(d.mul(FloatVector.fromArray(SPECIES, x, i, rest)).mul(Lanes.geluDerivative(g, s)))
                    .intoArray(dGate, i, rest);
            FloatVector.fromArray(SPECIES, dx, i, rest).add(d.mul(g.mul(s))).intoArray(dx, i, rest);
        }
    }

    @Override
    default void normalGelu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = FloatVector.fromArray(SPECIES, x, i, rest);
            value.mul(Lanes.normalDistribution(value, Lanes.normalBell(value))).intoArray(y, i, rest);
        }
    }

    @Override
    default void normalGeluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = FloatVector.fromArray(SPECIES, x, i, rest);
            FloatVector bell = Lanes.normalBell(value);
            FloatVector slope = value.mul(Lanes.NORMAL_DENSITY_AT_0).fma(bell, Lanes.normalDistribution(value, bell));
            FloatVector.fromArray(SPECIES, dy, i, rest)
                    .fma(slope, FloatVector.fromArray(SPECIES, dx, i, rest))
                    .intoArray(dx, i, rest);
        }
    }

    @Override
    default void silu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = FloatVector.fromArray(SPECIES, x, i, rest);
            value.mul(Lanes.sigmoid(value)).intoArray(y, i, rest);
        }
    }

    @Override
    default void siluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = FloatVector.fromArray(SPECIES, x, i, rest);
            FloatVector s = Lanes.sigmoid(value);
            FloatVector slope =
                    value.mul(s).fma(FloatVector.broadcast(SPECIES, 1f).sub(s), s);
            FloatVector.fromArray(SPECIES, dy, i, rest)
                    .fma(slope, FloatVector.fromArray(SPECIES, dx, i, rest))
                    .intoArray(dx, i, rest);
        }
    }

    @Override
    default void softplus(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector value = FloatVector.fromArray(SPECIES, x, i, rest);
            FloatVector small = Lanes.log1pOfFraction(Lanes.exp(value.abs().neg()));
            value.max(0f).add(small).intoArray(y, i, rest);
        }
    }

    @Override
    default void softplusBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            FloatVector slope = Lanes.sigmoid(FloatVector.fromArray(SPECIES, x, i, rest));
            FloatVector.fromArray(SPECIES, dy, i, rest)
                    .fma(slope, FloatVector.fromArray(SPECIES, dx, i, rest))
                    .intoArray(dx, i, rest);
        }
    }

    @Override
    default void sigmoid(int n, float factor, float[] x, float[] y) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> rest = mask(i, n);
            Lanes.sigmoid(FloatVector.fromArray(SPECIES, x, i, rest))
                    .mul(factor)
                    .intoArray(y, i, rest);
        }
    }
}
