package io.github.ttt4rec.ttt;

import org.jspecify.annotations.Nullable;

/**
 * The inner training of one head computed directly from its definition, in double: for every position i the weights
 * {@code W_i = W − s_i·Σ_{j≤i} lr_j·∇ℓ_j(W)} are built and applied. It shares no code with the dual form.
 */
final class PrimalTtt {
    private static final double EPSILON = 1e-6f;

    private final InnerModelType type;
    private final int f;
    private final int k;
    private final double[] scales;
    private final @Nullable Norm norm;

    /** The inner LayerNorm's gain and bias. */
    record Norm(double[] gain, double[] bias) {}

    /** Without a norm, LN is the identity. */
    PrimalTtt(InnerModelType type, int f, int k, double[] tokenIndex, @Nullable Norm norm) {
        this.type = type;
        this.f = f;
        this.k = k;
        this.norm = norm;
        scales = new double[k];
        for (int i = 0; i < k; i++) {
            scales[i] = Math.max(0, 1.0 / (i + 1) + tokenIndex[i]);
        }
    }

    /** The outputs for a sequence's tokens, and the weights after its last full mini-batch. */
    record Result(double[][] outputs, double[] weights) {}

    /**
     * Processes a sequence starting from the weights {@code initial}, which are W1, b1 and, for the MLP, W2, b2 in
     * turn.
     */
    Result run(double[][] query, double[][] key, double[][] value, double[] rate, double[] initial) {
        int length = query.length;
        double[][] outputs = new double[length][];
        double[] start = initial;
        for (int t = 0; t < length; t++) {
            int i = t % k;
            double[] sum = new double[start.length];
            for (int j = t - i; j <= t; j++) {
                double[] gradient = innerGradient(start, key[j], minus(value[j], key[j]));
                for (int w = 0; w < sum.length; w++) {
                    sum[w] += rate[j] * gradient[w];
                }
            }
            double[] weights = start.clone();
            for (int w = 0; w < weights.length; w++) {
                weights[w] -= scales[i] * sum[w];
            }
            outputs[t] = plus(query[t], layerNorm(apply(weights, query[t])));
            if (i == k - 1) {
                start = weights;
            }
        }
        return new Result(outputs, start);
    }

    /** Applies the inner model: F(u; W). */
    double[] apply(double[] weights, double[] u) {
        return switch (type) {
            case LINEAR -> affine(weights, 0, u, f);
            case MLP -> affine(weights, f * 4 * f + 4 * f, gelu(affine(weights, 0, u, 4 * f)), f);
        };
    }

    /** The inner loss ℓ(W) = ½‖LN(F(key; W)) − target‖². */
    double innerLoss(double[] weights, double[] key, double[] target) {
        double[] residual = minus(layerNorm(apply(weights, key)), target);
        double sum = 0;
        for (double r : residual) {
            sum += r * r;
        }
        return sum / 2;
    }

    /** The gradient ∇ℓ(W), layer by layer with the chain rule. */
    double[] innerGradient(double[] weights, double[] key, double[] target) {
        double[] gradient = new double[weights.length];
        switch (type) {
            case LINEAR -> {
                double[] z = affine(weights, 0, key, f);
                addAffineGradient(gradient, 0, key, throughNorm(z, minus(layerNorm(z), target)));
            }
            case MLP -> {
                int wide = 4 * f;
                int second = f * wide + wide;
                double[] z1 = affine(weights, 0, key, wide);
                double[] hidden = gelu(z1);
                double[] z2 = affine(weights, second, hidden, f);
                double[] g2 = throughNorm(z2, minus(layerNorm(z2), target));
                addAffineGradient(gradient, second, hidden, g2);
                double[] g1 = new double[wide];
                for (int a = 0; a < wide; a++) {
                    double back = 0;
                    for (int b = 0; b < f; b++) {
                        back += weights[second + a * f + b] * g2[b];
                    }
                    g1[a] = back * geluDerivative(z1[a]);
                }
                addAffineGradient(gradient, 0, key, g1);
            }
        }
        return gradient;
    }

    /** Computes u·W + b, with W {@code (in, out)} at the offset, followed by b. */
    private static double[] affine(double[] weights, int offset, double[] u, int out) {
        double[] z = new double[out];
        for (int b = 0; b < out; b++) {
            z[b] = weights[offset + u.length * out + b];
            for (int a = 0; a < u.length; a++) {
                z[b] += u[a] * weights[offset + a * out + b];
            }
        }
        return z;
    }

    private static void addAffineGradient(double[] gradient, int offset, double[] u, double[] g) {
        for (int b = 0; b < g.length; b++) {
            gradient[offset + u.length * g.length + b] += g[b];
            for (int a = 0; a < u.length; a++) {
                gradient[offset + a * g.length + b] += u[a] * g[b];
            }
        }
    }

    private static double mean(double[] z) {
        double sum = 0;
        for (double v : z) {
            sum += v;
        }
        return sum / z.length;
    }

    private static double deviation(double[] z) {
        double mean = mean(z);
        double sum = 0;
        for (double v : z) {
            sum += (v - mean) * (v - mean);
        }
        return Math.sqrt(sum / z.length + EPSILON);
    }

    private double[] layerNorm(double[] z) {
        if (norm == null) {
            return z;
        }
        double mean = mean(z);
        double deviation = deviation(z);
        double[] y = new double[f];
        for (int a = 0; a < f; a++) {
            y[a] = norm.gain[a] * (z[a] - mean) / deviation + norm.bias[a];
        }
        return y;
    }

    /** Computes Jᵀ·d, with the Jacobian J of the LayerNorm at z written out element by element. */
    private double[] throughNorm(double[] z, double[] d) {
        if (norm == null) {
            return d;
        }
        double mean = mean(z);
        double deviation = deviation(z);
        double[] result = new double[f];
        for (int a = 0; a < f; a++) {
            for (int b = 0; b < f; b++) {
                double product = (z[a] - mean) * (z[b] - mean) / (deviation * deviation);
                double jacobian = norm.gain[b] * ((a == b ? 1 : 0) - (1 + product) / f) / deviation;
                result[a] += jacobian * d[b];
            }
        }
        return result;
    }

    private static double[] gelu(double[] z) {
        double[] y = new double[z.length];
        for (int a = 0; a < y.length; a++) {
            y[a] = z[a] / 2 * (1 + Math.tanh(geluArgument(z[a])));
        }
        return y;
    }

    private static double geluArgument(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }

    private static double geluDerivative(double x) {
        double tanh = Math.tanh(geluArgument(x));
        double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return (1 + tanh) / 2 + x / 2 * (1 - tanh * tanh) * slope;
    }

    private static double[] minus(double[] x, double[] y) {
        double[] z = x.clone();
        for (int a = 0; a < z.length; a++) {
            z[a] -= y[a];
        }
        return z;
    }

    private static double[] plus(double[] x, double[] y) {
        double[] z = x.clone();
        for (int a = 0; a < z.length; a++) {
            z[a] += y[a];
        }
        return z;
    }
}
