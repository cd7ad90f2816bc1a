package io.github.ttt4rec.live;

/**
 * Which model a state or a vector was made with.
 *
 * @param lineage the trained weights: the same for a model and what it becomes when items are added
 * @param items the size of the catalogue
 * @param allKnown whether that catalogue has all items that it was made of, so that a larger one changes nothing
 */
public record ModelStamp(long lineage, int items, boolean allKnown) {}
