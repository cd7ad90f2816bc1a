package io.github.ttt4rec.internal.retrieval;

import java.util.BitSet;

/**
 * A search for the best items. The arrays are not copied and must not change during the search.
 *
 * @param hidden the query vector {@code (d)}
 * @param k the number of items wanted
 * @param allowed the indices {@code 1..V} of the items to choose from; index 0, padding, is ignored
 * @param floor the lowest score wanted, so that fewer than k items may be found; a higher floor makes the search faster
 */
public record Request(float[] hidden, int k, BitSet allowed, float floor) {
    /** A search without a floor. */
    public Request(float[] hidden, int k, BitSet allowed) {
        this(hidden, k, allowed, Float.NEGATIVE_INFINITY);
    }
}
