package io.github.ttt4rec.testing;

import java.util.function.ToDoubleFunction;

/**
 * Central differences in double. With a step of 1e-5 the error is about 1e-10 for functions with derivatives near 1.
 */
public final class FiniteDifferences {
    private static final double STEP = 1e-5;

    private FiniteDifferences() {}

    /** The gradient of {@code function} at {@code x}. */
    public static double[] gradient(ToDoubleFunction<double[]> function, double[] x) {
        double[] at = x.clone();
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            at[i] = x[i] + STEP;
            double above = function.applyAsDouble(at);
            at[i] = x[i] - STEP;
            double below = function.applyAsDouble(at);
            at[i] = x[i];
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }
}
