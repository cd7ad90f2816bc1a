package io.github.ttt4rec.serve.engine;

import java.util.List;

/**
 * A request for one list of a page of several.
 *
 * @param name the caller's name for it
 * @param kind the kind of list
 * @param items the item that {@code SIMILAR}, {@code BOUGHT_TOGETHER} and, optionally, {@code BECAUSE} start from; the
 *     basket of {@code COMPLETE}; empty for other kinds
 * @param list the conditions on its items
 */
public record ShelfRequest(String name, ShelfKind kind, List<String> items, ListRequest list) {
    /** Copies {@code items}. */
    public ShelfRequest {
        items = List.copyOf(items);
    }
}
