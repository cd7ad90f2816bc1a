package io.github.ttt4rec.live;

/**
 * Identifies the model that made a state or a query vector.
 *
 * @param weightsId an identifier of the trained weights, shared by models that only have added items
 * @param items the size of the catalogue
 * @param allKnown whether the catalogue had all items of the events, so that a larger catalogue would give the same
 *     result
 */
public record ModelStamp(long weightsId, int items, boolean allKnown) {}
