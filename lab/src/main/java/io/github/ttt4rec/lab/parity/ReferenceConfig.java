package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The configuration in a reference file. A value of the wrong kind throws {@link IllegalArgumentException}. */
record ReferenceConfig(Path path, JsonNode values) {

    private JsonNode require(String key) {
        JsonNode value = values.get(key);
        if (value == null) {
            throw new UserFacingException(path + ": config has no \"" + key
                    + "\": not a reference file, or of a model that this version does not know");
        }
        return value;
    }

    /** A string, or {@code otherwise} if the key is missing. */
    String text(String key, String otherwise) {
        JsonNode value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (!value.isString()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not a word");
        }
        return value.stringValue();
    }

    /** A constant of an enum, ignoring case. */
    <E extends Enum<E>> E choice(Class<E> type, String key) {
        String text = require(key).asString();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("\"" + key + "\" is \"" + text + "\", which this version does not know");
    }

    boolean flag(String key) {
        JsonNode value = require(key);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not true or false");
        }
        return value.booleanValue();
    }

    int wholeNumber(String key) {
        JsonNode value = require(key);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not a whole number");
        }
        return value.intValue();
    }

    double number(String key) {
        JsonNode value = require(key);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not a number");
        }
        return value.doubleValue();
    }

    /** A list of exactly {@code count} numbers. */
    List<Double> numbers(String key, int count) {
        JsonNode value = require(key);
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : value.values()) {
            if (element.isNumber()) {
                numbers.add(element.doubleValue());
            }
        }
        if (!value.isArray() || value.size() != count || numbers.size() != count) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not a list of " + count + " numbers");
        }
        return numbers;
    }
}
