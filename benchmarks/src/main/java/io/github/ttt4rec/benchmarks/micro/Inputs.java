package io.github.ttt4rec.benchmarks.micro;

import java.util.SplittableRandom;

/** Pseudo-random inputs with a fixed seed. */
final class Inputs {
    private static final long SEED = 20_26;

    private Inputs() {}

    /** Returns normally distributed numbers with mean 0 and standard deviation 1. */
    static float[] normal(int n) {
        SplittableRandom random = new SplittableRandom(SEED + n);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns uniformly distributed integers in {@code 1 .. bound}. */
    static int[] indices(int n, int bound) {
        SplittableRandom random = new SplittableRandom(SEED + n);
        int[] values = new int[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(1, bound + 1);
        }
        return values;
    }
}
