package io.github.ttt4rec.kernels;

/**
 * A view of adjacent elements of an array, from {@code offset} on: a vector, or a matrix whose rows are adjacent.
 * Nothing is copied. The kernel that takes the view defines the number of elements that it reads or writes.
 */
public record Slice(float[] array, int offset) {
    /** All elements of an array. */
    public static Slice of(float[] array) {
        return new Slice(array, 0);
    }

    /** Element i. */
    public float get(int i) {
        return array[offset + i];
    }

    /** Sets element i. */
    public void set(int i, float value) {
        array[offset + i] = value;
    }

    /** Adds to element i. */
    public void add(int i, float value) {
        array[offset + i] += value;
    }
}
