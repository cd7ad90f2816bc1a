package io.github.ttt4rec.serve.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses JSON strictly, and writes it. */
final class Json {
    private static final int DEPTH = 8;
    private static final int DIGITS = 32;
    private static final int NAME = 64;

    /**
     * The maximum length of a string. No valid id, time or name is longer, but a body within its limit could contain
     * one long string.
     */
    private static final int TEXT = 1 << 16;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxNumberLength(DIGITS)
                    .maxNameLength(NAME)
                    .maxStringLength(TEXT)
                    .build())
            // A duplicate key would silently choose between two values.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Parses one value from UTF-8; throws {@link Problem} if it is not valid. */
    static JsonNode read(byte[] bytes) {
        return read(bytes, 0, bytes.length);
    }

    /** Parses one value from a range of the bytes. */
    static JsonNode read(byte[] bytes, int from, int to) {
        String text;
        try {
            // Jackson would detect UTF-16 and accept some malformed UTF-8.
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("not valid UTF-8");
        }
        if (text.isBlank()) {
            throw Problem.badRequest("empty, and JSON is expected");
        }
        try {
            return MAPPER.readTree(text);
        } catch (StreamConstraintsException e) {
            throw Problem.badRequest(beyond(e.getOriginalMessage()) + whereBeyond(text));
        } catch (JacksonException e) {
            throw Problem.badRequest("not valid JSON, or an object with a name twice" + place(e.getLocation()));
        }
    }

    /**
     * Parses one value per line from UTF-8 and skips empty lines; stops after {@code max} + 1 values. Throws {@link
     * Problem} that names the line if a value is not valid.
     */
    static List<JsonNode> readLines(byte[] bytes, int max) {
        List<JsonNode> values = new ArrayList<>();
        int line = 0;
        for (int from = 0; from < bytes.length && values.size() <= max; ) {
            int to = from;
            boolean blank = true;
            while (to < bytes.length && bytes[to] != '\n') {
                blank &= bytes[to] == ' ' || bytes[to] == '\t' || bytes[to] == '\r';
                to++;
            }
            line++;
            if (!blank) {
                try {
                    values.add(read(bytes, from, to));
                } catch (Problem notJson) {
                    throw Problem.badRequest("line " + line + ": " + notJson.getMessage());
                }
            }
            from = to + 1;
        }
        return values;
    }

    /** Says which limit was exceeded, by Jackson's message. */
    private static String beyond(String message) {
        if (message.startsWith("String")) {
            return "a text has more than " + TEXT + " characters";
        }
        if (message.startsWith("Number") || message.startsWith("BigDecimal")) {
            return "a number has more than " + DIGITS + " digits or too large an exponent";
        }
        if (message.startsWith("Name")) {
            return "a name has more than " + NAME + " characters";
        }
        return "values are nested more than " + DEPTH + " deep";
    }

    /** Returns the place of the first value beyond a limit, which the exception does not have, as a JSON pointer. */
    private static String whereBeyond(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            try {
                while (parser.nextToken() != null) {
                    parser.getString();
                }
                return "";
            } catch (JacksonException e) {
                String pointer = parser.streamReadContext().pathAsPointer().toString();
                return pointer.isEmpty() ? "" : ", at " + InvalidField.shown(pointer);
            }
        }
    }

    private static String place(TokenStreamLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Writes an object whose members {@code members} writes. */
    static byte[] write(Consumer<JsonGenerator> members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
