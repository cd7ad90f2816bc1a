package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.TimeParser;
import io.github.ttt4rec.internal.Nearest;
import io.github.ttt4rec.serve.store.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads and checks the members of a JSON object. Every method throws {@link InvalidField} if a value is wrong. */
final class Fields {
    private final JsonNode object;

    /** Accepts an object with only the allowed members, so that a misspelt name is not taken for an absent one. */
    Fields(JsonNode object, Set<String> allowed) {
        if (!object.isObject()) {
            throw new InvalidField("", "a JSON object is expected");
        }
        for (String name : object.propertyNames()) {
            if (!allowed.contains(name)) {
                throw unknown("member", name, allowed);
            }
        }
        this.object = object;
    }

    /** Creates the exception for an unknown name, with a suggestion. */
    static InvalidField unknown(String what, String name, Set<String> allowed) {
        String shown = InvalidField.shown(name);
        String hint = Nearest.of(shown, allowed)
                .map(near -> ", did you mean '" + near + "'?")
                .orElse(
                        allowed.isEmpty()
                                ? ", there are none"
                                : ", there are "
                                        + String.join(
                                                ", ", allowed.stream().sorted().toList()));
        return new InvalidField(shown, "unknown " + what + " '" + shown + "'" + hint);
    }

    private @Nullable JsonNode get(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Returns whether a member is given. */
    boolean has(String name) {
        return get(name) != null;
    }

    /** Any value, or null. */
    @Nullable JsonNode value(String name) {
        return get(name);
    }

    private JsonNode required(String name) {
        JsonNode value = get(name);
        if (value == null) {
            throw new InvalidField(name, name + " is missing");
        }
        return value;
    }

    /** An id. */
    String id(String name) {
        return id(name, required(name));
    }

    /** An id, or null. */
    @Nullable String optionalId(String name) {
        JsonNode value = get(name);
        return value == null ? null : id(name, value);
    }

    private static String id(String name, JsonNode value) {
        if (!value.isString() && !value.isIntegralNumber()) {
            throw new InvalidField(name, name + " must be a string or a whole number");
        }
        return checkedId(name, value.isString() ? value.stringValue() : value.asString());
    }

    /** Returns {@code id} if it is a valid id. */
    static String checkedId(String name, String id) {
        try {
            Ids.require(id, name);
        } catch (UserFacingException e) {
            throw new InvalidField(name, String.valueOf(e.getMessage()));
        }
        return id;
    }

    /** At most {@code most} ids. */
    List<String> ids(String name, int most) {
        return ids(name, required(name), most);
    }

    /** At most {@code most} ids, or null. */
    @Nullable List<String> optionalIds(String name, int most) {
        JsonNode value = get(name);
        return value == null ? null : ids(name, value, most);
    }

    private static List<String> ids(String name, JsonNode value, int most) {
        if (!value.isArray()) {
            throw new InvalidField(name, name + " must be an array of strings");
        }
        if (value.size() > most) {
            throw new InvalidField(name, name + " has " + value.size() + " items, and " + most + " are allowed");
        }
        List<String> ids = new ArrayList<>(value.size());
        for (JsonNode each : value.values()) {
            ids.add(id(name + "[" + ids.size() + "]", each));
        }
        return ids;
    }

    /** A whole number from 1 to {@code most}. */
    int count(String name, int otherwise, int most) {
        JsonNode value = get(name);
        if (value == null) {
            return Math.min(otherwise, most);
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > most) {
            throw new InvalidField(name, name + " must be a whole number from 1 to " + most);
        }
        return value.intValue();
    }

    /** A finite number. */
    double number(String name, double otherwise) {
        JsonNode value = get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new InvalidField(name, name + " must be a number");
        }
        return value.doubleValue();
    }

    /** A number from 0 to 1. */
    double share(String name, double otherwise) {
        JsonNode value = get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            throw new InvalidField(name, name + " must be a number from 0 to 1");
        }
        return value.doubleValue();
    }

    /** Reads at most {@code most} JSON values. */
    List<JsonNode> values(String name, int most) {
        JsonNode value = required(name);
        if (!value.isArray() || value.isEmpty() || value.size() > most) {
            throw new InvalidField(name, name + " must be an array of 1 to " + most + " elements");
        }
        return List.copyOf(value.values());
    }

    /** Reads one JSON value for each of {@code size} elements of the array {@code of}; null if absent. */
    @Nullable List<JsonNode> parallel(String name, String of, int size) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isArray()) {
            throw new InvalidField(name, name + " must be an array with one element for each of " + of);
        }
        if (value.size() != size) {
            throw new InvalidField(
                    name,
                    name + " has " + value.size() + " elements, and " + of + " has " + size + ": give one for each");
        }
        return List.copyOf(value.values());
    }

    /** True or false. */
    boolean flag(String name, boolean otherwise) {
        JsonNode value = get(name);
        if (value == null) {
            return otherwise;
        }
        return isTrue(name, value);
    }

    /** True or false; required. */
    boolean flag(String name) {
        return isTrue(name, required(name));
    }

    private static boolean isTrue(String name, JsonNode value) {
        if (!value.isBoolean()) {
            throw new InvalidField(name, name + " must be true or false");
        }
        return value.booleanValue();
    }

    /** Text of 1 to 255 characters. */
    String text(String name) {
        JsonNode value = required(name);
        if (!value.isString()
                || value.stringValue().isEmpty()
                || value.stringValue().length() > 255) {
            throw new InvalidField(name, name + " must be a string of 1 to 255 characters");
        }
        return value.stringValue();
    }

    /** Text, or null. */
    @Nullable String optionalText(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isString()) {
            throw new InvalidField(name, name + " must be a string");
        }
        return value == null ? null : value.stringValue();
    }

    /** A time by the rules for logs ({@link TimeParser#micros}), in epoch microseconds. */
    long time(String name, long otherwise) {
        JsonNode value = get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isString() && !value.isNumber()) {
            throw new InvalidField(name, name + " must be a number or a string");
        }
        try {
            return TimeParser.micros(value.isString() ? value.stringValue() : value.asString());
        } catch (UserFacingException notATime) {
            throw new InvalidField(name, name + ": " + notATime.getMessage());
        }
    }
}
