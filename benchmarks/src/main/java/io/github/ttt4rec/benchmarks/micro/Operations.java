package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;

/**
 * Counts the useful floating-point operations of forward passes: matrix products only, with a multiply-add as two
 * operations. A backward pass takes twice its forward pass, because each product {@code C = A·B} has two gradients of
 * its size. Repeated or discarded computations of an implementation do not count.
 */
public final class Operations {
    private Operations() {}

    /** Returns the operations of {@code (m, k)·(k, n)}. */
    public static double product(double m, double n, double k) {
        return 2 * m * n * k;
    }

    /** Returns the operations of a batch's logits over the catalogue. */
    public static double logits(int rows, int items, int hiddenSize) {
        return product(rows, items, hiddenSize);
    }

    /**
     * Returns the operations of the TTT scan over one sequence with all heads. For each inner mini-batch these are the
     * inner forward pass and gradient on the keys, the pass of the queries through the updated weights in dual form
     * (only pairs j ≤ i), and the update, except after the last mini-batch.
     */
    public static double scan(TttConfig config, int length) {
        int k = config.miniBatchSize();
        double sum = 0;
        for (int t = 0; t < length; t += k) {
            int n = Math.min(k, length - t);
            sum += miniBatch(config, n) + (t + n < length ? update(config, n) : 0);
        }
        return config.numHeads() * sum;
    }

    /** Returns the operations of one event of an endless stream, with an equal share of its mini-batch's update. */
    public static double step(TttConfig config) {
        int k = config.miniBatchSize();
        return config.numHeads() * (miniBatch(config, k) + update(config, k)) / k;
    }

    private static double miniBatch(TttConfig config, int n) {
        int f = config.headSize();
        int w = 4 * f;
        double pairs = n * (n + 1) / 2.0;
        return switch (config.layer()) {
            // Keys and queries through W; then, for each pair, query·key and its multiple of g.
            case LINEAR -> 2 * product(n, f, f) + 2 * product(pairs, 1, f);
            // The same through two layers, and g2·W2ᵀ; pairs for both layers.
            case MLP -> 5 * product(n, f, w) + 2 * product(pairs, 1, f) + 2 * product(pairs, 1, w);
        };
    }

    private static double update(TttConfig config, int n) {
        int f = config.headSize();
        return config.layer() == InnerModelType.LINEAR ? product(f, f, n) : 2 * product(f, 4 * f, n);
    }

    /**
     * Returns the operations of a residual block over sequences of equal length: projections, inner learning rates,
     * scan, SwiGLU.
     */
    public static double block(TttConfig config, int sequences, int length) {
        int d = config.hiddenSize();
        int n = sequences * length;
        return 4 * product(n, d, d)
                + product(n, config.numHeads(), d)
                + sequences * scan(config, length)
                + 3 * product(n, config.intermediateSize(), d);
    }
}
