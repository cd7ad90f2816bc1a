package io.github.ttt4rec.serve.engine;

import org.jspecify.annotations.Nullable;

/**
 * One of several lists.
 *
 * @param request the request for it
 * @param list its items, none of which is in a list before it
 * @param because the item of the user that a list of kind {@code BECAUSE} is for; null for other kinds, and if no item of the user has
 *     others that users had together with it
 */
public record Shelf(
        ShelfRequest request, Recommended list, @Nullable String because) {}
