package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.IdMap;
import java.util.BitSet;

/**
 * A subset of a model's catalogue.
 *
 * @param items the catalogue
 * @param indices the indices of the subset's items; must not be modified
 */
public record Matching(IdMap items, BitSet indices) {}
