package io.github.ttt4rec.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A search in the catalogue. Null stands for the server's default.
 *
 * @param query words that an item's name or id must contain
 * @param filter an expression such as {@code price < 30}
 * @param attributes whether items have their attributes
 * @param limit the number of items of a page
 * @param after {@link ItemPage#next} of the page before
 */
public record ItemQuery(
        @Nullable String query,
        @Nullable String filter,
        @Nullable Boolean attributes,
        @Nullable Integer limit,
        @Nullable String after) {
    /** All items of the model, without attributes. */
    public static final ItemQuery ALL = new ItemQuery(null, null, null, null, null);

    /** Searches for words. */
    public static ItemQuery of(String words) {
        return new ItemQuery(words, null, null, null, null);
    }

    /** Returns this search with a filter. */
    public ItemQuery where(String expression) {
        return new ItemQuery(query, expression, attributes, limit, after);
    }

    /** Returns this search, with the items' attributes. */
    public ItemQuery withAttributes() {
        return new ItemQuery(query, filter, true, limit, after);
    }

    /** Returns the search of a page of {@code size} items after a page that ended with {@code last}; null for the first. */
    public ItemQuery page(int size, @Nullable String last) {
        return new ItemQuery(query, filter, attributes, size, last);
    }

    /** Returns the members that are given, under the server's names. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        ListOptions.put(members, "query", query);
        ListOptions.put(members, "filter", filter);
        ListOptions.put(members, "attributes", attributes);
        ListOptions.put(members, "limit", limit);
        ListOptions.put(members, "after", after);
        return members;
    }
}
