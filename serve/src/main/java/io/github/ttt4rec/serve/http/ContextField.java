package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.store.EventContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the context of an event or a request. */
final class ContextField {
    static final String CONTEXT = "context";

    private ContextField() {}

    /**
     * Reads the member {@code context}: an object of strings; members that are null are absent. Throws {@link
     * InvalidField} if it is wrong.
     */
    static EventContext of(Fields fields) {
        JsonNode value = fields.value(CONTEXT);
        return value == null ? EventContext.NONE : read(value);
    }

    /** Reads the parameter {@code context}, which is the same as JSON. */
    static EventContext of(Query query) {
        String text = query.optionalText(CONTEXT);
        if (text == null) {
            return EventContext.NONE;
        }
        JsonNode value;
        try {
            value = Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (Problem notJson) {
            throw new InvalidField(CONTEXT, CONTEXT + " must be a JSON object: " + notJson.getMessage());
        }
        return read(value);
    }

    private static EventContext read(JsonNode object) {
        if (!object.isObject()) {
            throw new InvalidField(CONTEXT, CONTEXT + " must be an object of strings, such as {\"country\": \"DE\"}");
        }
        checked(CONTEXT, () -> EventContext.requireCount(object.size()));
        Map<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            checked(CONTEXT, () -> EventContext.requireName(name));
            String value = text(name, member.getValue());
            if (value != null) {
                checked(CONTEXT + "." + name, () -> EventContext.requireValue(name, value));
                values.put(name, value);
            }
        }
        return EventContext.of(values);
    }

    private static @Nullable String text(String name, JsonNode value) {
        String at = CONTEXT + "." + name;
        if (value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new InvalidField(at, at + " must be a string");
        }
        // An id is taken as it is. Blanks around other values would be lost in an export.
        String text = value.stringValue();
        return name.equals(EventContext.REFERRER) ? text : text.strip();
    }

    private static void checked(String at, Runnable check) {
        try {
            check.run();
        } catch (UserFacingException wrong) {
            throw new InvalidField(at, String.valueOf(wrong.getMessage()));
        }
    }
}
