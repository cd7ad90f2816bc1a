package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.Recommendation;
import java.util.List;

/**
 * The terms of an item's score, logits that add up to it; see {@link
 * io.github.ttt4rec.recommend.Recommender.Explanation}.
 *
 * @param network the term of the network, which reads the whole history
 * @param popularity the term of the item's popularity
 * @param repeat the term of the user's earlier events of the same item
 * @param memory the term of the tables of related items
 * @param events the items of the user's events with their shares of {@code repeat} and {@code memory}, largest first
 */
public record Explained(float network, float popularity, float repeat, float memory, List<Recommendation> events) {}
