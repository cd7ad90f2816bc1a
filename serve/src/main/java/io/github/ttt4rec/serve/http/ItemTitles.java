package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.ItemAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Items' display names: those that the server was started with, and the titles in the catalogue.
 *
 * @param given names by item
 * @param catalogue the attributes of items
 */
record ItemTitles(Map<String, String> given, Catalogue catalogue) {
    /** Returns the name of an item; null if it has none. */
    @Nullable String of(String item) {
        String name = given.get(item);
        if (name != null) {
            return name;
        }
        ItemAttributes attributes = catalogue.get(item);
        return attributes == null ? null : attributes.title();
    }
}
