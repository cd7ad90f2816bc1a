package io.github.ttt4rec.internal.retrieval;

import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * A search for the best items. The arrays are not copied and must not change during the search.
 *
 * @param hidden the query vector {@code (d)}
 * @param k the number of items wanted
 * @param allowed the indices {@code 1..V} of the items to choose from; index 0, padding, is ignored
 * @param excluded whether to leave out an allowed item, for example because the caller has scored it. It is tested only
 *     for items whose scores suffice, so leaving out a few of a million items needs no copy of {@code allowed}.
 * @param floor the lowest score wanted, so that fewer than k items may be found; a higher floor makes the search faster
 */
public record Request(float[] hidden, int k, BitSet allowed, IntPredicate excluded, float floor) {
    /** A search without a floor. */
    public Request(float[] hidden, int k, BitSet allowed) {
        this(hidden, k, allowed, Float.NEGATIVE_INFINITY);
    }

    /** A search among all allowed items. */
    public Request(float[] hidden, int k, BitSet allowed, float floor) {
        this(hidden, k, allowed, item -> false, floor);
    }
}
