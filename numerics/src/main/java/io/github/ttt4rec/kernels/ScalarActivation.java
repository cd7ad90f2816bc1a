package io.github.ttt4rec.kernels;

/** Activation functions, gates based on them, and their derivatives. */
interface ScalarActivation extends ActivationKernels {
    @Override
    default void gelu(int n, float[] x, int xOffset, float[] y, int yOffset, float[] derivative, int derivativeOffset) {
        for (int i = 0; i < n; i++) {
            float xi = x[xOffset + i];
            y[yOffset + i] = (float) (xi * ScalarMath.geluGate(xi));
            derivative[derivativeOffset + i] = (float) ScalarMath.geluDerivative(xi);
        }
    }

    @Override
    default void geluSlopeBackward(int n, Slice x, Slice slope, Slice back, Slice dy, Slice dx) {
        for (int i = 0; i < n; i++) {
            double xi = x.get(i);
            double s = ScalarMath.geluGate(xi);
            double inner = ScalarMath.TWICE_SQRT_2_OVER_PI * (1 + 3 * ScalarMath.CUBIC * xi * xi);
            double curvature = ScalarMath.TWICE_SQRT_2_OVER_PI * 6 * ScalarMath.CUBIC * xi;
            double ds = s * (1 - s) * inner;
            double dds = ds * (1 - 2 * s) * inner + s * (1 - s) * curvature;
            float d = dy.get(i);
            dx.set(i, (float) (d * back.get(i) * (2 * ds + xi * dds)));
            dy.set(i, d * slope.get(i));
        }
    }

    @Override
    default void siluMultiply(int n, float[] gate, float[] up, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (gate[i] * ScalarMath.sigmoid(gate[i])) * up[i];
        }
    }

    @Override
    default void siluMultiplyBackward(int n, float[] gate, float[] up, float[] dy, float[] dGate, float[] dUp) {
        for (int i = 0; i < n; i++) {
            double s = ScalarMath.sigmoid(gate[i]);
            dGate[i] += (float) (dy[i] * up[i] * (s + gate[i] * s * (1 - s)));
            dUp[i] += (float) (dy[i] * gate[i] * s);
        }
    }

    @Override
    default void geluMultiply(int n, float[] gate, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (gate[i] * ScalarMath.geluGate(gate[i])) * x[i];
        }
    }

    @Override
    default void geluMultiplyBackward(int n, float[] gate, float[] x, float[] dy, float[] dGate, float[] dx) {
        for (int i = 0; i < n; i++) {
            dGate[i] += (float) (dy[i] * x[i] * ScalarMath.geluDerivative(gate[i]));
            dx[i] += (float) (dy[i] * gate[i] * ScalarMath.geluGate(gate[i]));
        }
    }

    @Override
    default void normalGelu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (x[i] * ScalarMath.normalDistribution(x[i]));
        }
    }

    @Override
    default void normalGeluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i++) {
            dx[i] += (float) (dy[i] * (ScalarMath.normalDistribution(x[i]) + x[i] * ScalarMath.normalDensity(x[i])));
        }
    }

    @Override
    default void silu(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (x[i] * ScalarMath.sigmoid(x[i]));
        }
    }

    @Override
    default void siluBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i++) {
            double s = ScalarMath.sigmoid(x[i]);
            dx[i] += (float) (dy[i] * (s + x[i] * s * (1 - s)));
        }
    }

    @Override
    default void softplus(int n, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i]))));
        }
    }

    @Override
    default void softplusBackward(int n, float[] x, float[] dy, float[] dx) {
        for (int i = 0; i < n; i++) {
            dx[i] += (float) (dy[i] * ScalarMath.sigmoid(x[i]));
        }
    }

    @Override
    default void sigmoid(int n, float factor, float[] x, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (factor * ScalarMath.sigmoid(x[i]));
        }
    }
}
