package io.github.ttt4rec.live;

/**
 * Identifies the model that a state or a query vector was made with.
 *
 * @param weightsId the number of the trained weights, which a model with added items shares
 * @param items the size of the catalogue
 * @param allKnown whether that catalogue has all items that it was made of, so that a larger one changes nothing
 */
public record ModelStamp(long weightsId, int items, boolean allKnown) {}
