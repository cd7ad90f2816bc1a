package io.github.ttt4rec.serve.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks the query parameters of a request. Every method throws {@link InvalidField} if a value is wrong. */
final class Query {
    /** The encoded values, because a comma within an id is written as %2C. */
    private final Map<String, String> raw;

    private Query(Map<String, String> raw) {
        this.raw = raw;
    }

    /** Parses the query string, which may contain only the allowed names, each once. */
    static Query parse(String text, Set<String> allowed) {
        if (text.isEmpty()) {
            return new Query(Map.of());
        }
        Map<String, String> raw = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name =
                    decode("a parameter's name", (equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '));
            if (!allowed.contains(name)) {
                throw Fields.unknown("parameter", name, allowed);
            }
            if (raw.put(name, equals < 0 ? "" : pair.substring(equals + 1).replace('+', ' ')) != null) {
                throw new InvalidField(name, name + " is given twice");
            }
        }
        return new Query(raw);
    }

    /**
     * Decodes percent-encoded text strictly: two hexadecimal digits after each percent sign, valid UTF-8, and nothing but ASCII
     * outside of it, because all other bytes of a path arrive as the same character.
     */
    static String decode(String field, String text) {
        if (!text.chars().allMatch(c -> c < 0x80)) {
            throw new InvalidField(field, field + " has a byte that is not ASCII: percent-encode its UTF-8");
        }
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes[length++] = (byte) c; // a URL is ASCII
                continue;
            }
            int high = i + 1 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw new InvalidField(field, field + " has a % without two hexadecimal digits");
            }
            bytes[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidField(field, field + " is not valid UTF-8");
        }
    }

    /** Text, or the given default. */
    String text(String name, String otherwise) {
        String value = raw.get(name);
        return value == null ? otherwise : decode(name, value);
    }

    /** Text, or null. */
    @Nullable String optionalText(String name) {
        String value = raw.get(name);
        return value == null ? null : decode(name, value);
    }

    /** A whole number from 1 to {@code most}. */
    int count(String name, int otherwise, int most) {
        String value = raw.get(name);
        if (value == null) {
            return Math.min(otherwise, most);
        }
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > most) {
            throw new InvalidField(name, name + " must be a whole number from 1 to " + most);
        }
        return Integer.parseInt(value);
    }

    /** A number from 0 to 1. */
    double share(String name, double otherwise) {
        String value = raw.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("[01]|0?\\.[0-9]{1,9}|1\\.0{1,9}")) {
            throw new InvalidField(name, name + " must be a number from 0 to 1");
        }
        return Double.parseDouble(value);
    }

    /** True or false. */
    boolean flag(String name, boolean otherwise) {
        String value = raw.get(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidField(name, name + " must be true or false");
        };
    }

    /** An id, or null. */
    @Nullable String id(String name) {
        String value = optionalText(name);
        return value == null ? null : Fields.checkedId(name, value);
    }

    /** Ids separated by commas, or null. */
    @Nullable List<String> ids(String name) {
        String value = raw.get(name);
        if (value == null) {
            return null;
        }
        List<String> ids = new ArrayList<>();
        for (String id : value.split(",", -1)) {
            ids.add(Fields.checkedId(name, decode(name, id)));
        }
        return ids;
    }
}
