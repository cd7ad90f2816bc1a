package io.github.ttt4rec.retrieval;

import java.util.BitSet;

/**
 * What is looked for.
 *
 * @param hidden the vector {@code (d)} that scores items; nobody may write to it meanwhile
 * @param k how many items
 * @param allowed indices {@code 1..V} of the items to choose from; nobody may write to it meanwhile. Index 0, padding, has
 *     no effect
 */
public record Request(float[] hidden, int k, BitSet allowed) {}
