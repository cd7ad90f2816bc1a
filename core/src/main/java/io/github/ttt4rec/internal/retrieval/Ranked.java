package io.github.ttt4rec.internal.retrieval;

/**
 * The best items, best first.
 *
 * @param items their indices
 * @param scores their scores
 */
public record Ranked(int[] items, float[] scores) {
    /** The number of items. */
    public int size() {
        return items.length;
    }
}
