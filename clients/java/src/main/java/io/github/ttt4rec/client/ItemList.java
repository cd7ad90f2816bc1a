package io.github.ttt4rec.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list for a user.
 *
 * @param items the items, best first
 * @param basis {@code personal}, {@code popularity}, {@code context} or {@code referrer}
 * @param modelVersion the version of the model that made the list
 * @param events the number of the user's events that it reflects
 * @param emptiedBy the rule or filter that removed all items; null if there are items
 */
public record ItemList(
        List<Item> items,
        String basis,
        String modelVersion,
        long events,
        @Nullable String emptiedBy) {
    /** Copies {@code items}. */
    public ItemList {
        items = List.copyOf(items);
    }
}
