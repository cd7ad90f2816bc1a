package io.github.ttt4rec.testing;

import java.util.Random;

/** Random numbers and conversions. */
public final class Numbers {
    private Numbers() {}

    /** Random values, uniform in ±{@code bound}. */
    public static float[] uniform(Random random, int n, float bound) {
        float[] values = new float[n];
        fill(random, values, bound);
        return values;
    }

    /** Fills {@code values} uniformly in ±{@code bound}. */
    public static void fill(Random random, float[] values, float bound) {
        for (int i = 0; i < values.length; i++) {
            values[i] = bound * (2 * random.nextFloat() - 1);
        }
    }

    /** The same values in double. */
    public static double[] toDouble(float[] values, int from, int count) {
        double[] copy = new double[count];
        for (int i = 0; i < count; i++) {
            copy[i] = values[from + i];
        }
        return copy;
    }

    /** The same values in double. */
    public static double[] toDouble(float[] values) {
        return toDouble(values, 0, values.length);
    }

    /** The largest absolute value; NaN if any is NaN. */
    public static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /**
     * The largest absolute difference between {@code expected} and the first elements of {@code actual}, divided by the
     * largest absolute value of {@code expected}.
     */
    public static double relativeError(double[] expected, float[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        return largest == 0 ? difference : difference / largest;
    }
}
