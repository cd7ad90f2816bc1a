package io.github.ttt4rec.recommend;

/**
 * A recommended item.
 *
 * @param item the item's id, as in the data
 * @param score the model's score, comparable only within one list
 */
public record Recommendation(String item, float score) {}
