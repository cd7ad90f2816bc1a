package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.serve.store.EventType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The history that a request gives instead of a stored user.
 *
 * @param items oldest first
 * @param types the type of each event; empty if all are of the server's first target type
 */
record GivenHistory(List<String> items, List<EventType> types) {
    static final String ITEMS = "history";
    static final String TYPES = "types";
    static final String VALUES = "values";
    static final GivenHistory NONE = new GivenHistory(List.of(), List.of());

    /** Reads at most {@code most} events; throws {@link InvalidField} if one is wrong or none are given. */
    static GivenHistory of(Fields fields, int most, @Nullable EventRoles roles) {
        return typed(fields, fields.ids(ITEMS, most), roles);
    }

    /** Reads at most {@code most} events; returns null if the request gives no history. */
    static @Nullable GivenHistory optional(Fields fields, int most, @Nullable EventRoles roles) {
        List<String> items = fields.optionalIds(ITEMS, most);
        if (items != null) {
            return typed(fields, items, roles);
        }
        for (String name : List.of(TYPES, VALUES)) {
            if (fields.has(name)) {
                throw new InvalidField(name, name + " needs a history: stored events have their own");
            }
        }
        return null;
    }

    private static GivenHistory typed(Fields fields, List<String> items, @Nullable EventRoles roles) {
        List<JsonNode> names = fields.parallel(TYPES, ITEMS, items.size());
        List<JsonNode> values = fields.parallel(VALUES, ITEMS, items.size());
        if (names == null && values == null) {
            return new GivenHistory(items, List.of());
        }
        List<EventType> types = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            EventType type = new EventType(
                    names == null ? "" : type(TYPES + "[" + i + "]", names.get(i)),
                    values == null ? Double.NaN : value(VALUES + "[" + i + "]", values.get(i)));
            EventsEndpoint.requireRole((names == null ? VALUES : TYPES) + "[" + i + "]", type, roles);
            types.add(type);
        }
        return new GivenHistory(items, types);
    }

    private static String type(String at, JsonNode node) {
        if (node.isNull()) {
            return "";
        }
        if (!node.isString()) {
            throw new InvalidField(at, at + " must be a string, or null for an event without a type");
        }
        return Fields.checkedId(at, node.stringValue()).strip();
    }

    private static double value(String at, JsonNode node) {
        if (node.isNull()) {
            return Double.NaN;
        }
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw new InvalidField(at, at + " must be a number, or null for an event without a value");
        }
        return node.doubleValue();
    }
}
