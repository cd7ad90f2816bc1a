package io.github.ttt4rec.kernels;

/** The scalar functions from which activations are built. */
final class ScalarMath {
    static final double TWICE_SQRT_2_OVER_PI = 2 * Math.sqrt(2 / Math.PI);
    static final double CUBIC = 0.044715;

    private ScalarMath() {}

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** σ(g(x)) with g(x) = 2√(2/π)(x + 0.044715x³). */
    static double geluGate(double x) {
        return sigmoid(TWICE_SQRT_2_OVER_PI * (x + CUBIC * x * x * x));
    }

    static double geluDerivative(double x) {
        double s = geluGate(x);
        double slope = TWICE_SQRT_2_OVER_PI * (1 + 3 * CUBIC * x * x);
        return s + x * s * (1 - s) * slope;
    }

    /** Φ(x) by its series Φ = ½ + φ(x)·Σ x^(2k+1)/(1·3·…·(2k+1)), whose terms all have the same sign. */
    static double normalDistribution(double x) {
        if (Math.abs(x) > 7) {
            return x > 0 ? 1 : 0;
        }
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * normalDensity(x);
    }

    static double normalDensity(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }
}
