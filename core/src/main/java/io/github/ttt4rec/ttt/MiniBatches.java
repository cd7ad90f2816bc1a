package io.github.ttt4rec.ttt;

/** How an inner model's rows are cut into inner mini-batches: one after the other, all starting from the same W. */
final class MiniBatches {
    /** Marks a mini-batch that no other one follows. */
    static final int NOTHING = -1;

    private final int[] starts;
    private final int[] flows;
    private int count;

    /** For at most so many rows, in as many mini-batches. */
    MiniBatches(int rows) {
        starts = new int[rows + 1];
        flows = new int[rows];
    }

    void clear() {
        count = 0;
    }

    /**
     * Adds a mini-batch.
     *
     * @param rows at least one
     * @param flow where the gradient with respect to the weights after it begins, in the backward pass; else {@link #NOTHING}
     */
    void add(int rows, int flow) {
        flows[count] = flow;
        starts[count + 1] = starts[count] + rows;
        count++;
    }

    /** Makes it one mini-batch. */
    void set(int rows, int flow) {
        clear();
        add(rows, flow);
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

    int flow(int b) {
        return flows[b];
    }
}
