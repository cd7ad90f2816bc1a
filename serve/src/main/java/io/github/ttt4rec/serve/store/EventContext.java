package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The circumstances of an event or of a request, such as {@code country=DE}: at most {@value #MAX_NAMES} names with a
 * value each.
 *
 * @param values the values by name
 */
public record EventContext(SortedMap<String, String> values) {
    /** The maximum number of names. */
    public static final int MAX_NAMES = 8;
    /** The maximum length of a name in UTF-16 units. */
    public static final int MAX_NAME = 64;
    /** The maximum length of a value in UTF-16 units; that of {@link #REFERRER} is limited as {@link Ids} are. */
    public static final int MAX_VALUE = 128;
    /** The name whose value is the item from which the user came. */
    public static final String REFERRER = "referrer_item";
    /** No circumstances are known. */
    public static final EventContext NONE = new EventContext(Collections.emptySortedMap());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<TreeMap<String, String>> MEMBERS = new TypeReference<>() {};

    /**
     * Copies {@code values}. Throws {@link UserFacingException} if there are too many names, or if a name or a value is
     * not allowed; the message begins with {@code context} or {@code context.NAME}.
     */
    public EventContext {
        requireCount(values.size());
        for (Map.Entry<String, String> each : values.entrySet()) {
            requireName(each.getKey());
            requireValue(each.getKey(), each.getValue());
        }
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Creates a context of the given values; {@link #NONE} if there are none. */
    public static EventContext of(Map<String, String> values) {
        return values.isEmpty() ? NONE : new EventContext(new TreeMap<>(values));
    }

    /** Throws {@link UserFacingException} if a context may not have that many names. */
    public static void requireCount(int names) {
        if (names > MAX_NAMES) {
            throw new UserFacingException("context: has " + names + " names, and " + MAX_NAMES + " are allowed");
        }
    }

    /** Throws {@link UserFacingException} if {@code name} is not allowed. */
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UserFacingException("context: the name '" + shown(name) + "' must be 1 to " + MAX_NAME
                    + " letters from A to Z, digits, _ or -");
        }
    }

    /** Throws {@link UserFacingException} if {@code value} is not allowed for a name. */
    public static void requireValue(String name, String value) {
        String at = "context." + name;
        if (name.equals(REFERRER)) {
            Ids.require(value, at);
        } else if (value.isEmpty() || value.length() > MAX_VALUE) {
            throw new UserFacingException(
                    at + ": must have 1 to " + MAX_VALUE + " characters, and has " + value.length());
        } else if (!Ids.isValid(value)) {
            throw new UserFacingException(at + ": has half a surrogate pair, which is not Unicode text");
        }
    }

    private static String shown(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME - 3) + "...";
    }

    /** Returns whether no circumstances are known. */
    public boolean isNone() {
        return values.isEmpty();
    }

    /** Returns the item from which the user came; null if it is not known. */
    public @Nullable String referrer() {
        return values.get(REFERRER);
    }

    /** Returns the circumstances that counts are kept of, in the form {@code NAME=VALUE}: all but {@link #REFERRER}. */
    public List<String> counted() {
        List<String> counted = new ArrayList<>(values.size());
        values.forEach((name, value) -> {
            if (!name.equals(REFERRER)) {
                counted.add(name + "=" + value);
            }
        });
        return counted;
    }

    /** Returns the JSON object under which it is stored, with sorted names. */
    String text() {
        return JSON.writeValueAsString(values);
    }

    /** Reads {@link #text}; throws {@link UserFacingException} if it is none. */
    static EventContext parse(String text) {
        try {
            return of(JSON.readValue(text, MEMBERS));
        } catch (JacksonException | NullPointerException damaged) {
            throw new UserFacingException("context: is not the stored JSON object", damaged);
        }
    }
}
