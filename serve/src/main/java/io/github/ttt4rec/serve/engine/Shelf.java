package io.github.ttt4rec.serve.engine;

import org.jspecify.annotations.Nullable;

/**
 * One list of a page of several.
 *
 * @param request the request for the list
 * @param list the list; none of its items is in an earlier one
 * @param because the user's item that explains a list of kind {@code BECAUSE}; null for other kinds, and if the counts
 *     relate no items to any item of the user
 */
public record Shelf(
        ShelfRequest request, Recommended list, @Nullable String because) {}
