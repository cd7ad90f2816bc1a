package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.read.TimeParser;
import io.github.ttt4rec.internal.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Items' attributes as a JSON object, the form that requests, files and the server's store use:
 *
 * <pre>{@code
 * {"title": "Boots", "text": "…", "group": "boots-17", "categories": ["shoes > boots"], "labels": ["sale"],
 *  "available_from": "2026-01-31T12:00:00Z", "available_until": "2026-12-31",
 *  "attributes": {"price": 29.9, "brand": "Acme", "colour": ["red", "black"]}}
 * }</pre>
 *
 * Every member may be absent. Each method that reads throws {@link InvalidAttributeException}.
 */
public final class AttributeJson {
    /** The names of the object's members. */
    public static final Set<String> MEMBERS = Set.of(
            AttributeNames.TITLE,
            AttributeNames.TEXT,
            AttributeNames.GROUP,
            AttributeNames.CATEGORIES,
            AttributeNames.LABELS,
            AttributeNames.FROM,
            AttributeNames.UNTIL,
            AttributeNames.ATTRIBUTES);

    /** The largest number of characters of a text. */
    public static final int MAX_TEXT = 20_000;

    private static final int MAX_TITLE = 1_000;
    private static final int MAX_WORD = 255;
    private static final int MAX_WORDS = 100;
    private static final int MAX_ATTRIBUTES = 100;
    private static final int MAX_GROUP = 512;

    private AttributeJson() {}

    /**
     * Reads an object.
     *
     * @param object the object; members other than {@link #MEMBERS} and {@code others} are refused
     * @param others further members, which the caller reads
     */
    public static ItemAttributes read(JsonNode object, Set<String> others) {
        if (!object.isObject()) {
            throw new InvalidAttributeException("item", "a JSON object is expected");
        }
        for (String name : object.propertyNames()) {
            if (!MEMBERS.contains(name) && !others.contains(name)) {
                String hint = Nearest.of(AttributeNames.shown(name), MEMBERS)
                        .map(near -> ", did you mean '" + near + "'?")
                        .orElse("; attributes of your own go into the object \"attributes\"");
                throw new InvalidAttributeException(AttributeNames.shown(name), "unknown member" + hint);
            }
        }
        return new ItemAttributes(
                text(object, AttributeNames.TITLE, MAX_TITLE),
                text(object, AttributeNames.TEXT, MAX_TEXT),
                text(object, AttributeNames.GROUP, MAX_GROUP),
                categories(object.get(AttributeNames.CATEGORIES)),
                words(AttributeNames.LABELS, object.get(AttributeNames.LABELS)),
                values(object.get(AttributeNames.ATTRIBUTES)),
                window(object));
    }

    private static boolean isAbsent(@Nullable JsonNode node) {
        return node == null || node.isNull();
    }

    private static @Nullable String text(JsonNode object, String name, int max) {
        JsonNode node = object.get(name);
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw new InvalidAttributeException(name, "must be a string");
        }
        return checkedText(name, node.stringValue(), max);
    }

    static String checkedTitle(String title) {
        return checkedText(AttributeNames.TITLE, title, MAX_TITLE);
    }

    static String checkedText(String text) {
        return checkedText(AttributeNames.TEXT, text, MAX_TEXT);
    }

    static String checkedGroup(String group) {
        return checkedText(AttributeNames.GROUP, group, MAX_GROUP);
    }

    private static String checkedText(String name, String text, int max) {
        if (text.isEmpty() || text.length() > max) {
            throw new InvalidAttributeException(
                    name, "must have 1 to " + max + " characters, and has " + text.length());
        }
        requireUnicode(name, text);
        return text;
    }

    private static void requireUnicode(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair && Character.isSurrogate(c)) {
                throw new InvalidAttributeException(name, "has half a surrogate pair, which is not Unicode text");
            }
            i += pair ? 1 : 0;
        }
    }

    private static List<Category> categories(@Nullable JsonNode node) {
        List<Category> categories = new ArrayList<>();
        if (node != null && !node.isNull()) {
            requireArray(AttributeNames.CATEGORIES, node);
            for (JsonNode each : node.values()) {
                if (!each.isString() && !each.isArray()) {
                    throw new InvalidAttributeException(
                            AttributeNames.CATEGORIES,
                            "each is a path such as \"shoes > boots\" or [\"shoes\", \"boots\"]");
                }
                categories.add(
                        each.isString()
                                ? category(each.stringValue())
                                : category(words(AttributeNames.CATEGORIES, each)));
            }
        }
        return categories;
    }

    static Category category(String text) {
        requireUnicode(AttributeNames.CATEGORIES, text);
        try {
            return Category.parse(text);
        } catch (InvalidAttributeException e) {
            throw e;
        } catch (UserFacingException e) {
            throw new InvalidAttributeException(AttributeNames.CATEGORIES, String.valueOf(e.getMessage()));
        }
    }

    private static Category category(List<String> path) {
        try {
            return new Category(path);
        } catch (UserFacingException e) {
            throw new InvalidAttributeException(AttributeNames.CATEGORIES, String.valueOf(e.getMessage()));
        }
    }

    private static void requireArray(String name, JsonNode node) {
        if (!node.isArray()) {
            throw new InvalidAttributeException(name, "must be an array");
        }
        if (node.size() > MAX_WORDS) {
            throw new InvalidAttributeException(
                    name, "has " + node.size() + " values, and " + MAX_WORDS + " are allowed");
        }
    }

    private static List<String> words(String name, @Nullable JsonNode node) {
        List<String> words = new ArrayList<>();
        if (node != null && !node.isNull()) {
            requireArray(name, node);
            for (JsonNode each : node.values()) {
                if (!each.isString()) {
                    throw new InvalidAttributeException(name, "must be an array of strings");
                }
                words.add(checkedWord(name, each.stringValue()));
            }
        }
        return words;
    }

    static String checkedWord(String name, String word) {
        return checkedText(name, word, MAX_WORD);
    }

    private static Map<String, AttributeValue> values(@Nullable JsonNode node) {
        Map<String, AttributeValue> values = new LinkedHashMap<>();
        if (node == null || node.isNull()) {
            return values;
        }
        if (!node.isObject()) {
            throw new InvalidAttributeException(AttributeNames.ATTRIBUTES, "must be an object of names and values");
        }
        if (node.size() > MAX_ATTRIBUTES) {
            throw new InvalidAttributeException(
                    AttributeNames.ATTRIBUTES,
                    "has " + node.size() + " members, and " + MAX_ATTRIBUTES + " are allowed");
        }
        node.properties().forEach(each -> {
            AttributeNames.require(each.getKey());
            if (!isAbsent(each.getValue())) {
                values.put(each.getKey(), value(each.getKey(), each.getValue()));
            }
        });
        return values;
    }

    private static AttributeValue value(String name, JsonNode node) {
        if (node.isNumber()) {
            return number(name, node.doubleValue());
        }
        if (node.isString()) {
            return new AttributeValue.Words(List.of(checkedWord(name, node.stringValue())));
        }
        if (node.isArray() && node.size() > 0) {
            return new AttributeValue.Words(words(name, node));
        }
        throw new InvalidAttributeException(
                name, "must be a number, a string or an array of strings; a label says what is true or false");
    }

    static AttributeValue number(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new InvalidAttributeException(name, "must be a finite number");
        }
        // Minus zero would not equal zero as a key.
        return new AttributeValue.Quantity(value + 0.0);
    }

    private static TimeWindow window(JsonNode object) {
        return window(
                time(object, AttributeNames.FROM, Long.MIN_VALUE), time(object, AttributeNames.UNTIL, Long.MAX_VALUE));
    }

    static TimeWindow window(long from, long until) {
        if (until <= from) {
            throw new InvalidAttributeException(AttributeNames.UNTIL, "must be later than " + AttributeNames.FROM);
        }
        return new TimeWindow(from, until);
    }

    private static long time(JsonNode object, String name, long otherwise) {
        JsonNode node = object.get(name);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (!node.isString() && !node.isNumber()) {
            throw new InvalidAttributeException(name, "must be a time, as a string or a number");
        }
        return time(name, node.isString() ? node.stringValue() : node.asString());
    }

    static long time(String name, String text) {
        try {
            return TimeParser.micros(text);
        } catch (UserFacingException notATime) {
            throw new InvalidAttributeException(name, String.valueOf(notATime.getMessage()));
        }
    }

    /** Writes the members into the object being written; absent ones are left out. */
    public static void write(JsonGenerator json, ItemAttributes item) {
        text(json, AttributeNames.TITLE, item.title());
        text(json, AttributeNames.TEXT, item.text());
        text(json, AttributeNames.GROUP, item.group());
        strings(
                json,
                AttributeNames.CATEGORIES,
                item.categories().stream().map(Category::toString).toList());
        strings(json, AttributeNames.LABELS, item.labels());
        if (item.window().hasFrom()) {
            json.writeStringProperty(
                    AttributeNames.FROM, EventTime.instant(item.window().from()).toString());
        }
        if (item.window().hasUntil()) {
            json.writeStringProperty(
                    AttributeNames.UNTIL,
                    EventTime.instant(item.window().until()).toString());
        }
        if (!item.values().isEmpty()) {
            json.writeObjectPropertyStart(AttributeNames.ATTRIBUTES);
            item.values().forEach((name, value) -> {
                switch (value) {
                    case AttributeValue.Quantity number -> number(json, name, number.value());
                    case AttributeValue.Words words -> {
                        if (words.words().size() == 1) {
                            json.writeStringProperty(name, words.words().getFirst());
                        } else {
                            strings(json, name, words.words());
                        }
                    }
                }
            });
            json.writeEndObject();
        }
    }

    private static void number(JsonGenerator json, String name, double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            json.writeNumberProperty(name, (long) value);
        } else {
            json.writeNumberProperty(name, value);
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) {
        if (text != null) {
            json.writeStringProperty(name, text);
        }
    }

    private static void strings(JsonGenerator json, String name, List<String> strings) {
        if (!strings.isEmpty()) {
            json.writeArrayPropertyStart(name);
            strings.forEach(json::writeString);
            json.writeEndArray();
        }
    }
}
