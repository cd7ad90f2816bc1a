package io.github.ttt4rec.ttt;

/** The division of an inner model's rows into consecutive inner mini-batches, all of which start from the same W. */
final class MiniBatches {
    /** The gradient offset of a mini-batch that no other one follows. */
    static final int NOTHING = -1;

    private final int[] starts;
    private final int[] gradientOffsets;
    private int count;

    /** Allocates for at most {@code rows} rows, in as many mini-batches. */
    MiniBatches(int rows) {
        starts = new int[rows + 1];
        gradientOffsets = new int[rows];
    }

    void clear() {
        count = 0;
    }

    /**
     * Adds a mini-batch.
     *
     * @param rows at least one
     * @param gradientOffset in the backward pass, the offset of the gradient with respect to the weights after this
     *     mini-batch; otherwise {@link #NOTHING}
     */
    void add(int rows, int gradientOffset) {
        gradientOffsets[count] = gradientOffset;
        starts[count + 1] = starts[count] + rows;
        count++;
    }

    /** Replaces all mini-batches by a single one. */
    void set(int rows, int gradientOffset) {
        clear();
        add(rows, gradientOffset);
    }

    int count() {
        return count;
    }

    /** The number of rows in all mini-batches. */
    int rows() {
        return starts[count];
    }

    /** The first row of mini-batch b; for b = count, the number of rows. */
    int start(int b) {
        return starts[b];
    }

    /** The first row of each mini-batch, followed by the number of rows; not a copy. */
    int[] starts() {
        return starts;
    }

    int gradientOffset(int b) {
        return gradientOffsets[b];
    }
}
