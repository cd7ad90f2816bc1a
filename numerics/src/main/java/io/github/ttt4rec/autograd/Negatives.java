package io.github.ttt4rec.autograd;

/**
 * Sampled items with which a loss compares the rows of a pass. Consecutive rows of a batch share a draw: the batch's
 * rows {@code k·share .. (k + 1)·share − 1} are block k. A row's own target may be among shared items; a loss ignores
 * it there.
 *
 * @param count n, the number of items drawn per block
 * @param share the number of rows per block
 * @param first the index in the batch of the pass's first row
 * @param items the drawn items, {@code count} for each block of the pass
 * @param logExpected for each drawn item log(n·q), the logarithm of its expected number among a row's n draws, where q
 *     is its probability in one draw for that row
 */
public record Negatives(int count, int share, int first, int[] items, float[] logExpected) {
    /** Checks that the arrays have matching lengths. */
    public Negatives {
        if (count < 1 || share < 1 || first < 0 || items.length != logExpected.length || items.length % count != 0) {
            throw new IllegalArgumentException("negatives come as blocks of the same positive number");
        }
    }

    /** Negatives that are drawn separately for each row, {@code (rows, count)}. */
    public static Negatives perRow(int count, int[] items, float[] logExpected) {
        return new Negatives(count, 1, 0, items, logExpected);
    }

    /** The index of the first draw for a row of the pass. */
    int start(int row) {
        return ((first + row) / share - first / share) * count;
    }

    /** The end of the row's block, in rows of the pass; it may lie beyond the pass. */
    int end(int row) {
        return ((first + row) / share + 1) * share - first;
    }
}
