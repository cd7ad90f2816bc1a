package io.github.ttt4rec.client;

import org.jspecify.annotations.Nullable;

/**
 * An item of a list.
 *
 * @param item its id
 * @param score comparable within one list only
 * @param name its display name; null if the server knows none
 * @param pinned whether a rule fixed its place in the list
 * @param explanation the terms of its score; null unless requested and known
 */
public record Item(
        String item,
        double score,
        @Nullable String name,
        boolean pinned,
        @Nullable Explanation explanation) {}
