package io.github.ttt4rec.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several lists.
 *
 * @param kind its kind
 * @param items its items, none of which is in a list before it
 * @param because the item that a list of kind {@code because} is for; null for other kinds
 * @param emptiedBy the rule or filter that left no item; null if there are items
 */
public record Shelf(
        String kind,
        List<Item> items,
        @Nullable String because,
        @Nullable String emptiedBy) {
    /** Copies the items. */
    public Shelf {
        items = List.copyOf(items);
    }
}
