package io.github.ttt4rec.retrieval;

import java.util.BitSet;

/**
 * A search for the best items. The arrays are shared: nobody may write to them during the search.
 *
 * @param hidden the query vector {@code (d)}
 * @param k the number of items wanted
 * @param allowed indices {@code 1..V} of the items to choose from; index 0, padding, has no effect
 */
public record Request(float[] hidden, int k, BitSet allowed) {}
