package io.github.ttt4rec.io.internal;

import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.Failures;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Item ids as JSON Lines, one JSON string per line: line i (1-based) is the id of item index i. Every id can be stored:
 * line breaks, quotes and unpaired surrogates are escaped, and everything else is written as UTF-8.
 */
final class ItemIds {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private ItemIds() {}

    static void write(IdMap items, Writer out) throws IOException {
        for (String name : items.names()) {
            out.write('"');
            for (int i = 0; i < name.length(); i++) {
                writeEscaped(name, i, out);
            }
            out.write("\"\n");
        }
    }

    static IdMap parse(byte[] bytes, Path path) throws IOException {
        List<String> names = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                names.add(parseLine(line, names.size() + 1, path));
            }
        }
        try {
            return new IdMap(names);
        } catch (IllegalArgumentException repeated) {
            throw Failures.problem(path, "damaged: " + repeated.getMessage(), repeated);
        }
    }

    private static String parseLine(String line, int number, Path path) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isString()) {
                return node.asString();
            }
        } catch (JacksonException wrong) {
            throw Failures.problem(path, "damaged: line " + number + " is not a JSON string", wrong);
        }
        throw Failures.problem(path, "damaged: line " + number + " is not a JSON string");
    }

    private static void writeEscaped(String name, int index, Writer out) throws IOException {
        char character = name.charAt(index);
        if (character == '"' || character == '\\') {
            out.write('\\');
            out.write(character);
        } else if (character < ' '
                || (character >= 0x7f && character < 0xa0)
                || character == '\u2028'
                || character == '\u2029'
                || isHalfPair(name, index)) {
            out.write(String.format("\\u%04x", (int) character));
        } else {
            out.write(character);
        }
    }

    private static boolean isHalfPair(String name, int index) {
        char character = name.charAt(index);
        if (Character.isHighSurrogate(character)) {
            return index + 1 == name.length() || !Character.isLowSurrogate(name.charAt(index + 1));
        }
        return Character.isLowSurrogate(character)
                && (index == 0 || !Character.isHighSurrogate(name.charAt(index - 1)));
    }
}
