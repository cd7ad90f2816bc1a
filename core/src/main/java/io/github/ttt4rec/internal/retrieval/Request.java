package io.github.ttt4rec.internal.retrieval;

import java.util.BitSet;

/**
 * A search for the best items. The arrays are shared: nobody may write to them during the search.
 *
 * @param hidden the query vector {@code (d)}
 * @param k the number of items wanted
 * @param allowed indices {@code 1..V} of the items to choose from; index 0, padding, has no effect
 * @param floor items that score less are not wanted, so that fewer than k may be found; the higher it is, the quicker the search
 */
public record Request(float[] hidden, int k, BitSet allowed, float floor) {
    /** A search without a floor. */
    public Request(float[] hidden, int k, BitSet allowed) {
        this(hidden, k, allowed, Float.NEGATIVE_INFINITY);
    }
}
