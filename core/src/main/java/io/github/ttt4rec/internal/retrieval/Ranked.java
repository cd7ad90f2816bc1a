package io.github.ttt4rec.internal.retrieval;

/**
 * The best items, best first.
 *
 * @param items the item indices
 * @param scores the scores, in the same order
 */
public record Ranked(int[] items, float[] scores) {
    public int size() {
        return items.length;
    }
}
