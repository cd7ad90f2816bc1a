package io.github.ttt4rec.recommend;

/**
 * A recommended item.
 *
 * @param item its id, as in the data
 * @param score the model's score; comparable within one list only
 */
public record Recommendation(String item, float score) {}
