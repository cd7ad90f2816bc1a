package io.github.ttt4rec.ttt;

/** How an inner model's rows are cut into inner mini-batches: one after the other, all starting from the same W. */
final class MiniBatches {
    /** Marks a mini-batch that no other one follows. */
    static final int NOTHING = -1;

    private final int[] starts;
    private final int[] gradientOffsets;
    private int count;

    /** For at most so many rows, in as many mini-batches. */
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
     * @param gradientOffset in the backward pass the offset of the gradient with respect to the weights after it; otherwise {@link #NOTHING}
     */
    void add(int rows, int gradientOffset) {
        gradientOffsets[count] = gradientOffset;
        starts[count + 1] = starts[count] + rows;
        count++;
    }

    /** Makes it one mini-batch. */
    void set(int rows, int gradientOffset) {
        clear();
        add(rows, gradientOffset);
    }

    int count() {
        return count;
    }

    /** All rows. */
    int rows() {
        return starts[count];
    }

    /** The first row of mini-batch b; for b = count, the number of rows. */
    int start(int b) {
        return starts[b];
    }

    int gradientOffset(int b) {
        return gradientOffsets[b];
    }
}
