package io.github.ttt4rec.autograd;

/**
 * Sampled items that a loss compares the rows of a pass with. Consecutive rows of a batch share a draw: the batch's rows
 * {@code k·share .. (k + 1)·share − 1} are block k. A row's own target may be among shared items; a loss leaves it out there.
 *
 * @param count n, items drawn for each block
 * @param share rows of a block
 * @param first the number in the batch of the pass's first row
 * @param items item indices, {@code count} for each block of the pass
 * @param logExpected of each, log(n·q): the logarithm of how often it is expected among a row's n draws, q being its
 *     probability in a draw for that row
 */
public record Negatives(int count, int share, int first, int[] items, float[] logExpected) {
    /** Checks that there are values enough. */
    public Negatives {
        if (count < 1 || share < 1 || first < 0 || items.length != logExpected.length || items.length % count != 0) {
            throw new IllegalArgumentException("negatives come as blocks of the same positive number");
        }
    }

    /** Draws for each row alone: {@code (rows, count)}. */
    public static Negatives perRow(int count, int[] items, float[] logExpected) {
        return new Negatives(count, 1, 0, items, logExpected);
    }

    /** The index of the first draw for a row of the pass. */
    int start(int row) {
        return ((first + row) / share - first / share) * count;
    }

    /** The end of the row's block, in rows of the pass; it may lie beyond the last. */
    int end(int row) {
        return ((first + row) / share + 1) * share - first;
    }
}
