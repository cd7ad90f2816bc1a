package io.github.ttt4rec.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of the catalogue.
 *
 * @param items objects as {@code POST /v1/items} takes them, with the member {@code name}
 * @param total the number of items on all pages
 * @param next {@link ItemQuery#after} of the next page; null on the last page
 */
public record ItemPage(
        List<Map<String, Object>> items,
        int total,
        @Nullable String next) {
    /** Copies {@code items}. */
    public ItemPage {
        items = List.copyOf(items);
    }
}
