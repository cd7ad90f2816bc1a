package io.github.ttt4rec.benchmarks.load;

import java.util.Arrays;

/** The median of measurements. */
public final class Median {
    private Median() {}

    /** Returns the median of at least one value; of an even number, the larger of the two in the middle. */
    public static double of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
