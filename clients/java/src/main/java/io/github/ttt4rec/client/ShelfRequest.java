package io.github.ttt4rec.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request for one list of a page of several.
 *
 * @param kind the kind of list, such as {@code personal} or {@code trending}
 * @param items the item that {@code similar}, {@code bought_together} and {@code because} start from, or the basket of
 *     {@code complete}; empty for none
 * @param options the options of the list
 */
public record ShelfRequest(String kind, List<String> items, ListOptions options) {
    /** Copies {@code items}. */
    public ShelfRequest {
        items = List.copyOf(items);
    }

    /** Requests a list of {@code k} items. */
    public static ShelfRequest of(String kind, int k) {
        return new ShelfRequest(kind, List.of(), ListOptions.of(k));
    }

    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>(options.members());
        members.put("kind", kind);
        if (kind.equals("complete")) {
            members.put("items", items);
        } else if (!items.isEmpty()) {
            members.put("item", items.getFirst());
        }
        return members;
    }
}
