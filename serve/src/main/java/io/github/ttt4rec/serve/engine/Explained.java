package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.Recommendation;
import java.util.List;

/**
 * The terms that an item's score is the sum of, logits; see {@link io.github.ttt4rec.recommend.Recommender.Explanation}.
 *
 * @param network from the network, which has read the whole history
 * @param popularity from the item's popularity
 * @param repeat from the user's earlier events of the item itself
 * @param memory from the tables of related items
 * @param events the items of the user's events with their parts of {@code repeat} and {@code memory}, largest first
 */
public record Explained(float network, float popularity, float repeat, float memory, List<Recommendation> events) {}
