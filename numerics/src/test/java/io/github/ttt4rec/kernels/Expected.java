package io.github.ttt4rec.kernels;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The expected content of an array after a call: some elements have a value within a tolerance, and all others keep
 * their bits.
 */
final class Expected {
    /** The number of elements before and after the part that a kernel may write; more than any vector has lanes. */
    static final int GUARD = 19;

    private final float[] before;
    private final double[] values;
    private final double[] tolerances;
    private final boolean[] written;

    /** Records the array. Must be constructed before the call. */
    Expected(float[] array) {
        before = array.clone();
        values = new double[array.length];
        tolerances = new double[array.length];
        written = new boolean[array.length];
    }

    /** The element as it was before the call. */
    double before(int i) {
        return before[i];
    }

    void set(int i, double value, double tolerance) {
        values[i] = value;
        tolerances[i] = tolerance;
        written[i] = true;
    }

    void check(String what, float[] actual) {
        for (int i = 0; i < actual.length; i++) {
            if (!written[i]) {
                if (Float.floatToRawIntBits(actual[i]) != Float.floatToRawIntBits(before[i])) {
                    throw new AssertionError(
                            what + ": element " + i + " must not be written, was " + before[i] + ", is " + actual[i]);
                }
            } else if (!(Math.abs(actual[i] - values[i]) <= tolerances[i])) {
                throw new AssertionError(what + ": element " + i + " is " + actual[i] + ", expected " + values[i]
                        + " within " + tolerances[i]);
            }
        }
        assertThat(actual).hasSameSizeAs(before);
    }
}
