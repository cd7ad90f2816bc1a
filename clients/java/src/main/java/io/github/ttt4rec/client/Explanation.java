package io.github.ttt4rec.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The terms of an item's score, logits that add up to it without boosts.
 *
 * @param network the term of the network, which reads the whole history
 * @param popularity the term of the item's popularity
 * @param repeat the term of the user's earlier events of the item
 * @param memory the term of the counts of items that users had together and one after another
 * @param events the user's items that raise {@code repeat} and {@code memory} most
 */
public record Explanation(double network, double popularity, double repeat, double memory, List<Cause> events) {
    /** Copies {@code events}. */
    public Explanation {
        events = List.copyOf(events);
    }

    /**
     * An item of the user that raises a score.
     *
     * @param item its id
     * @param name its display name; null if the server knows none
     * @param logit the part of the score
     */
    public record Cause(String item, @Nullable String name, double logit) {}
}
