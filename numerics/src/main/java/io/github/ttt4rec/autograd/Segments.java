package io.github.ttt4rec.autograd;

/**
 * The boundaries of packed sequences.
 *
 * @param offsets sequence s is rows {@code offsets[s] .. offsets[s + 1] - 1}
 */
public record Segments(int[] offsets) {
    /** The number of sequences. */
    public int count() {
        return offsets.length - 1;
    }

    /** The number of rows of all sequences. */
    public int rows() {
        return offsets[offsets.length - 1];
    }

    /** The first row of sequence {@code s}. */
    public int start(int s) {
        return offsets[s];
    }

    /** The number of rows of sequence {@code s}. */
    public int length(int s) {
        return offsets[s + 1] - offsets[s];
    }
}
