package io.github.ttt4rec.data.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** JSON Lines: an object a line; ids are strings or whole numbers, times strings or numbers. */
final class JsonLinesReader implements RowReader {
    private static final int MAX_LINE_BYTES = 1 << 26;

    private final ReadOptions options;
    private final JsonFactory json = new JsonFactory();
    private final IdBuffer user = new IdBuffer();
    private final IdBuffer item = new IdBuffer();
    private byte[] line = new byte[1 << 12];
    private int length;
    private final byte[] chunk = new byte[1 << 16];
    private int chunkAt;
    private int chunkEnd;

    JsonLinesReader(ReadOptions options) {
        this.options = options;
    }

    @Override
    public Rows read(SourceFile source, InteractionLog log, TimeParser times, BadRows badRows) throws IOException {
        Columns columns = null;
        long number = 0;
        long rows = 0;
        try {
            while (nextLine(source.content())) {
                number++;
                if (number == 1
                        && length >= 3
                        && line[0] == (byte) 0xEF
                        && line[1] == (byte) 0xBB
                        && line[2] == (byte) 0xBF) {
                    line[0] = line[1] = line[2] = ' ';
                }
                if (isBlank()) {
                    continue;
                }
                rows++;
                String problem = Utf8Reader.problemOf(line, 0, length);
                if (problem == null) {
                    try {
                        columns = columns == null ? Columns.find(source.path(), keys(), options) : columns;
                        problem = readRow(columns, times);
                    } catch (JacksonException e) {
                        problem = malformed(e);
                    }
                }
                if (problem == null && columns != null) {
                    log.add(user, item, columns.time() < 0 ? log.size() : times.value());
                } else {
                    badRows.report(number, String.valueOf(problem));
                }
            }
        } catch (IOException e) {
            throw SourceFile.broken(source.path(), e, "after line " + number);
        }
        if (columns == null) {
            throw new UserFacingException(source.path()
                    + (rows == 0
                            ? " holds nothing but blank lines"
                            : ": no line holds a JSON object; check the format"));
        }
        return new Rows("JSON Lines", columns, rows, 0);
    }

    private static String malformed(JacksonException e) {
        String message = e.getOriginalMessage().lines().findFirst().orElse("cannot be parsed");
        int column = e.getLocation() == null ? -1 : e.getLocation().getColumnNr();
        return "malformed JSON" + (column > 0 ? " at character " + column : "") + ": " + message;
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line, 0, length)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    keys.add(parser.currentName());
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        }
        return keys;
    }

    /** Reads the current line's user, item and time; returns what is wrong with it, or null. */
    private @Nullable String readRow(Columns columns, TimeParser times) {
        boolean hasUser = false;
        boolean hasItem = false;
        boolean hasTime = columns.time() < 0;
        String problem = null;
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "not a JSON object; JSON Lines has one {...} on each line";
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                String wrong = null;
                if (name.equals(columns.userName())) {
                    hasUser = true;
                    wrong = id(parser, value, user);
                } else if (name.equals(columns.itemName())) {
                    hasItem = true;
                    wrong = id(parser, value, item);
                } else if (columns.time() >= 0 && name.equals(columns.timeName())) {
                    hasTime = true;
                    wrong = time(parser, value, times);
                } else {
                    parser.skipChildren();
                }
                if (wrong != null && problem == null) {
                    problem = "field \"" + name + "\": " + wrong;
                }
            }
            if (parser.nextToken() != null) {
                return "more than one JSON value on the line";
            }
        }
        if (!hasUser || !hasItem || !hasTime) {
            return "no field \"" + (hasUser ? hasItem ? columns.timeName() : columns.itemName() : columns.userName())
                    + "\"";
        }
        return problem;
    }

    private static @Nullable String id(JsonParser parser, JsonToken value, IdBuffer id) {
        if (value == JsonToken.VALUE_NULL) {
            return "the id is null";
        }
        if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
            return id.set(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
        }
        parser.skipChildren();
        return "an id must be a string or a whole number";
    }

    private static @Nullable String time(JsonParser parser, JsonToken value, TimeParser times) {
        if (value == JsonToken.VALUE_STRING
                || value == JsonToken.VALUE_NUMBER_INT
                || value == JsonToken.VALUE_NUMBER_FLOAT) {
            return times.parse(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
        }
        parser.skipChildren();
        return value == JsonToken.VALUE_NULL ? "the time is null" : "a time must be a string or a number";
    }

    private boolean isBlank() {
        for (int i = 0; i < length; i++) {
            if (line[i] < 0 || line[i] > ' ') {
                return false;
            }
        }
        return true;
    }

    /** Reads the next line into {@link #line}, without its end; false at the end of the file. */
    private boolean nextLine(InputStream in) throws IOException {
        length = 0;
        while (true) {
            if (chunkAt == chunkEnd) {
                chunkAt = 0;
                chunkEnd = Math.max(0, in.read(chunk));
                if (chunkEnd == 0) {
                    return length > 0;
                }
            }
            int end = chunkAt;
            while (end < chunkEnd && chunk[end] != '\n') {
                end++;
            }
            append(end);
            boolean complete = end < chunkEnd;
            chunkAt = complete ? end + 1 : end;
            if (complete) {
                return true;
            }
        }
    }

    /** Appends the chunk up to {@code end} to the line. */
    private void append(int end) throws IOException {
        int count = end - chunkAt;
        if (length + count > MAX_LINE_BYTES) {
            throw new IOException("a line is longer than " + MAX_LINE_BYTES + " bytes; is this JSON Lines?");
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, 2 * line.length));
        }
        System.arraycopy(chunk, chunkAt, line, length, count);
        length += count;
    }
}
