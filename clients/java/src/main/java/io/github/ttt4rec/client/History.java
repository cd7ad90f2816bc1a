package io.github.ttt4rec.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history in a request, instead of a stored user; the server does not store it.
 *
 * @param items the item of each event, oldest first
 * @param types the type of each event, null for an event without a type; empty if all events are of the server's first
 *     target type
 * @param values the value of each event, such as a rating, null for an event without a value; empty if no event has one
 */
public record History(List<String> items, List<@Nullable String> types, List<@Nullable Double> values) {
    /** Copies the lists. */
    public History {
        items = List.copyOf(items);
        types = Collections.unmodifiableList(new ArrayList<>(types));
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** A history without types and values. */
    public static History of(List<String> items) {
        return new History(items, List.of(), List.of());
    }

    /** Returns this history with the type of each event. */
    public History as(List<@Nullable String> newTypes) {
        return new History(items, newTypes, values);
    }

    /** Returns this history with the value of each event. */
    public History valued(List<@Nullable Double> newValues) {
        return new History(items, types, newValues);
    }

    /** Returns the members of a request. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("history", items);
        if (!types.isEmpty()) {
            members.put("types", types);
        }
        if (!values.isEmpty()) {
            members.put("values", values);
        }
        return members;
    }
}
