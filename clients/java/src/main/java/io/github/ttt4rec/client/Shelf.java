package io.github.ttt4rec.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One list of a page of several.
 *
 * @param kind the kind of list
 * @param items the items; none of them is in an earlier list
 * @param because the item that explains a list of kind {@code because}; null for other kinds
 * @param emptiedBy the rule or filter that removed all items; null if there are items
 */
public record Shelf(
        String kind,
        List<Item> items,
        @Nullable String because,
        @Nullable String emptiedBy) {
    /** Copies {@code items}. */
    public Shelf {
        items = List.copyOf(items);
    }
}
