package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.IdMap;
import java.util.BitSet;

/**
 * Items of a model's catalogue.
 *
 * @param items the catalogue
 * @param indices the indices of the items in it that were asked for; not to be changed
 */
public record Matching(IdMap items, BitSet indices) {}
