package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.FileFormat;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads JSON Lines: one object per line. A column is a member; the name of a nested member has dots, and {@code []}
 * marks an array: {@code user.id}, {@code events[].item}. Each element of an array is a separate event.
 */
final class JsonLinesReader implements RowReader {
    private static final int MAX_LINE_BYTES = 1 << 26;

    /** The members are determined from this many lines. */
    private static final int SAMPLE_LINES = 100;

    static final String ELEMENTS = "[]";

    private final ReadOptions options;
    private final JsonFactory json = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN
            .build();
    private byte[] line = new byte[1 << 12];
    private int length;
    private final byte[] chunk = new byte[1 << 16];
    private int chunkAt;
    private int chunkEnd;

    /** The wanted members as a tree of the paths to them. */
    private static final class Node {
        private final Map<String, Node> members = new HashMap<>();
        private @Nullable Node elements;
        private Role role = Role.NONE;
        private int part;
        private boolean inList;
        private long lastRow = -1;
    }

    private enum Role {
        NONE,
        USER,
        ITEM,
        TIME,
        EVENT_ID,
        TYPE,
        VALUE,
        CONTEXT
    }

    JsonLinesReader(ReadOptions options) {
        this.options = options;
    }

    @Override
    public Rows read(SourceFile source, EventSink sink, TimeParser times, BadRows badRows) throws IOException {
        Map<String, List<String>> paths = new LinkedHashMap<>();
        long number = 0;
        long rows = 0;
        boolean array = new String(source.peek(SourceFile.PEEK), StandardCharsets.UTF_8)
                .replace("\uFEFF", "")
                .stripLeading()
                .startsWith("[");
        if (array) {
            badRows.start(source.path(), "element");
        }
        InputStream lines = array ? new JsonElements(source.content()) : source.content();
        try {
            List<byte[]> sample = sample(source.path(), lines, paths, badRows);
            String shape = array || sample.size() > 1 ? null : JsonTables.advice(paths.values());
            if (shape != null) {
                throw new UserFacingException(source.path() + shape);
            }
            List<String> names = List.copyOf(paths.keySet());
            Columns columns = Columns.find(
                    source.path(),
                    names,
                    sink.options(names),
                    paths.containsKey("columns[]") && paths.containsKey("data[][]")
                            ? "; the object holds a whole table: make rows of it, for example with: jq -r '.columns, .data[] |"
                                    + " @csv' FILE > FILE.csv"
                            : "");
            Extraction extraction = new Extraction(
                    tree(columns, paths, sink.wantsEventIds(), sink.contextColumns(source.path(), columns)),
                    sink,
                    times,
                    columns.times().size() > 1);
            for (byte[] early : sample) {
                line = early;
                length = early.length;
                number++;
                rows += row(number, extraction, columns, sink, badRows) ? 1 : 0;
            }
            line = new byte[1 << 12];
            while (nextLine(lines)) {
                number++;
                rows += row(number, extraction, columns, sink, badRows) ? 1 : 0;
            }
            String format = array ? "JSON array" : "JSON Lines";
            String evidence = array
                    ? "the first character is [, and objects follow"
                    : "each line is an object; members of the first " + sample.size() + " lines: "
                            + String.join(", ", names);
            return new Rows(
                    format,
                    options.withFormat(FileFormat.JSON_LINES),
                    columns,
                    rows,
                    0,
                    List.of(new ReadReport.Hypothesis("format", format, evidence)),
                    List.of());
        } catch (IOException e) {
            throw SourceFile.broken(source.path(), e, "after " + (array ? "element " : "line ") + number);
        }
    }

    /**
     * Reads the first lines and adds the paths to their values to {@code paths}.
     *
     * @throws UserFacingException if there are none
     */
    private List<byte[]> sample(Path file, InputStream lines, Map<String, List<String>> paths, BadRows badRows)
            throws IOException {
        List<byte[]> sample = new ArrayList<>();
        while (sample.size() < SAMPLE_LINES && nextLine(lines)) {
            sample.add(Arrays.copyOf(line, length));
            if (!isBlank() && Utf8Reader.problemOf(line, 0, length) == null) {
                collect(file, sample.size(), paths);
            }
        }
        if (paths.isEmpty()) {
            for (int i = 0; i < sample.size(); i++) {
                String problem = Utf8Reader.problemOf(sample.get(i), 0, sample.get(i).length);
                if (problem != null) {
                    badRows.report(i + 1L, problem);
                }
            }
            throw nothing(file, sample);
        }
        return sample;
    }

    private static UserFacingException nothing(Path file, List<byte[]> sample) {
        String start = sample.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        if (start.isEmpty()) {
            return new UserFacingException(file + " holds nothing but blank lines");
        }
        return new UserFacingException(file + ": no line holds a JSON object; "
                + (start.equals("{") || start.startsWith("[")
                        ? "write one object a line, for example with: jq -c 'if type == \"array\" then .[] else . end' "
                                + file + " > FILE.jsonl"
                        : "check the format"));
    }

    /** Reads the current line; returns false if it is blank. */
    private boolean row(long number, Extraction extraction, Columns columns, EventSink sink, BadRows badRows) {
        if (number == 1 && length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF) {
            line[0] = line[1] = line[2] = ' ';
        }
        if (isBlank()) {
            return false;
        }
        String problem = Utf8Reader.problemOf(line, 0, length);
        if (problem == null) {
            try {
                extraction.row = number;
                problem = extraction.read();
                problem = problem == null ? sink.finish(columns) : problem;
            } catch (JacksonException e) {
                problem = malformed(e);
            }
        }
        if (problem != null) {
            badRows.report(number, problem);
        }
        return true;
    }

    private static String malformed(JacksonException e) {
        String message = e.getOriginalMessage().lines().findFirst().orElse("cannot be parsed");
        message = message.replaceFirst(" \\(start marker at .*", "");
        String advice = message.startsWith("Unexpected end-of-input")
                ? "; if an object runs over several lines, write one a line, for example with: jq -c . FILE > FILE.jsonl"
                : "";
        int column = e.getLocation() == null ? -1 : e.getLocation().getColumnNr();
        return "malformed JSON" + (column > 0 ? " at character " + column : "") + ": " + message + advice;
    }

    private JsonParser parser() {
        int start = length >= 3 && line[0] == (byte) 0xEF ? 3 : 0;
        return json.createParser(ObjectReadContext.empty(), line, start, length - start);
    }

    /**
     * Adds the paths to all values of the current line. Malformed lines are reported later, when they are read as rows.
     */
    private void collect(Path file, int number, Map<String, List<String>> paths) {
        String start = new String(line, 0, Math.min(length, 16), StandardCharsets.UTF_8).strip();
        if (start.startsWith("{'") || start.startsWith("{u'")) {
            throw new UserFacingException(
                    file + ", line " + number + " is a Python dict, not JSON; convert the file with:"
                            + " python3 -c 'import ast,json,sys; [print(json.dumps(ast.literal_eval(s))) for s in sys.stdin]' < "
                            + file + " > FILE.jsonl");
        }
        try (JsonParser parser = parser()) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                collect(parser, "", List.of(), paths);
            }
        } catch (JacksonException e) {
            return; // the row is read again later, and its line is then reported
        }
    }

    private static void collect(JsonParser parser, String name, List<String> steps, Map<String, List<String>> paths) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            boolean first = true;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String member = parser.currentName();
                boolean wrapper = first && member.startsWith("$");
                first = false;
                parser.nextToken();
                if (wrapper) {
                    paths.putIfAbsent(name, steps);
                    parser.skipChildren();
                } else {
                    collect(parser, name.isEmpty() ? member : name + "." + member, plus(steps, member), paths);
                }
            }
        } else if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                collect(parser, name + ELEMENTS, plus(steps, ELEMENTS), paths);
            }
        } else if (token != JsonToken.VALUE_NULL || !name.endsWith(ELEMENTS)) {
            paths.putIfAbsent(name, steps);
        }
    }

    private static List<String> plus(List<String> steps, String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return List.copyOf(longer);
    }

    private static Node tree(
            Columns columns, Map<String, List<String>> paths, boolean eventIds, List<Integer> contexts) {
        Node root = new Node();
        List<List<String>> all = List.copyOf(paths.values());
        node(root, all.get(columns.user())).role = Role.USER;
        columns.items().forEach(item -> node(root, all.get(item)).role = Role.ITEM);
        for (int part = 0; part < columns.times().size(); part++) {
            Node time = node(root, all.get(columns.times().get(part)));
            time.role = Role.TIME;
            time.part = part;
        }
        if (columns.type() >= 0) {
            node(root, all.get(columns.type())).role = Role.TYPE;
        }
        if (columns.value() >= 0) {
            node(root, all.get(columns.value())).role = Role.VALUE;
        }
        if (eventIds && columns.eventId() >= 0) {
            node(root, all.get(columns.eventId())).role = Role.EVENT_ID;
        }
        for (int column : contexts) {
            Node context = node(root, all.get(column));
            context.role = Role.CONTEXT;
            context.part = column;
        }
        return root;
    }

    private static Node node(Node root, List<String> steps) {
        Node node = root;
        boolean inList = false;
        for (String step : steps) {
            if (step.equals(ELEMENTS)) {
                node.elements = node.elements == null ? new Node() : node.elements;
                node = node.elements;
                inList = true;
            } else {
                node = node.members.computeIfAbsent(step, name -> new Node());
            }
            node.inList = inList;
        }
        return node;
    }

    /** Extracts the wanted values from one line after the other. */
    private final class Extraction {
        private final Node root;
        private final EventSink sink;
        private final TimeParser times;
        private final boolean timeParts;
        private long row;
        private @Nullable String problem;

        Extraction(Node root, EventSink sink, TimeParser times, boolean timeParts) {
            this.root = root;
            this.sink = sink;
            this.times = times;
            this.timeParts = timeParts;
        }

        @Nullable String read() {
            sink.begin();
            problem = null;
            try (JsonParser parser = parser()) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return "not a JSON object; JSON Lines has one {...} on each line";
                }
                object(parser, root);
                if (parser.nextToken() != null) {
                    return "more than one JSON value on the line; write one a line, for example with: jq -c . FILE > FILE.jsonl";
                }
            }
            return problem;
        }

        private void object(JsonParser parser, Node node) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                Node member = node.members.get(parser.currentName());
                JsonToken token = parser.nextToken();
                if (member == null) {
                    parser.skipChildren();
                } else {
                    if (member.role != Role.NONE && !member.inList) {
                        if (member.lastRow == row) {
                            problem = "field \"" + parser.currentName() + "\": the row has it twice";
                        }
                        member.lastRow = row;
                    }
                    value(parser, member, token);
                }
            }
        }

        private void value(JsonParser parser, Node node, JsonToken token) {
            if (token == JsonToken.START_ARRAY) {
                Node element = node.role == Role.NONE ? node.elements : node;
                if (element == null) {
                    parser.skipChildren();
                    return;
                }
                if (node.role == Role.ITEM) {
                    sink.list();
                }
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    value(parser, element, next);
                }
            } else if (node.role != Role.NONE) {
                leaf(parser, node, token);
            } else if (token == JsonToken.START_OBJECT) {
                object(parser, node);
            }
        }

        private void leaf(JsonParser parser, Node node, JsonToken token) {
            JsonToken inner = token;
            int wrappers = 0;
            while (inner == JsonToken.START_OBJECT) {
                // MongoDB writes {"$date": "..."}, {"$oid": "..."} and {"$numberLong": "..."}.
                if (parser.nextToken() != JsonToken.PROPERTY_NAME
                        || !parser.currentName().startsWith("$")) {
                    problem = "field of the " + node.role.name().toLowerCase(Locale.ROOT)
                            + "s: an object, not a value; name a member of it with a dot";
                    skipRest(parser, wrappers + 1);
                    return;
                }
                wrappers++;
                inner = parser.nextToken();
            }
            switch (node.role) {
                case NONE -> {}
                case USER -> sink.userSet(id(parser, inner, sink.user()));
                case ITEM -> sink.itemSet(id(parser, inner, sink.item()));
                case TIME -> time(parser, inner, node.part);
                case TYPE -> sink.typeSet(inner == JsonToken.VALUE_NULL ? "" : parser.getString());
                case VALUE -> sink.valueSet(inner == JsonToken.VALUE_NULL ? "" : parser.getString());
                case CONTEXT -> sink.contextSet(node.part, inner == JsonToken.VALUE_NULL ? "" : parser.getString());
                case EVENT_ID -> {
                    if (inner != JsonToken.VALUE_NULL) {
                        sink.eventIdSet(id(parser, inner, sink.eventId()));
                    }
                }
            }
            skipRest(parser, wrappers);
        }

        /** Skips to the end of {@code depth} open objects. */
        private static void skipRest(JsonParser parser, int depth) {
            int open = depth;
            while (open > 0) {
                JsonToken token = parser.nextToken();
                if (token == JsonToken.END_OBJECT) {
                    open--;
                } else if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
                    parser.skipChildren();
                }
            }
        }

        private @Nullable String id(JsonParser parser, JsonToken value, IdBuffer id) {
            if (value == JsonToken.VALUE_NULL) {
                return "the id is null";
            }
            if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                return id.set(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
            }
            if (value == JsonToken.VALUE_NUMBER_FLOAT) {
                if (parser.isNaN()) {
                    return "the id is missing: " + parser.getString();
                }
                // Programs write 3.0 for 3 if a column once had gaps.
                BigDecimal number = new BigDecimal(parser.getString()).stripTrailingZeros();
                return number.scale() <= 0 && number.precision() - number.scale() <= 18
                        ? id.set(number.toPlainString())
                        : parser.getString() + " is not a whole number, as an id must be";
            }
            parser.skipChildren();
            return "an id must be a string or a whole number";
        }

        private void time(JsonParser parser, JsonToken value, int part) {
            if (value == JsonToken.VALUE_STRING
                    || value == JsonToken.VALUE_NUMBER_INT
                    || value == JsonToken.VALUE_NUMBER_FLOAT) {
                if (timeParts) {
                    sink.timePart(part, parser.getString());
                } else if (value == JsonToken.VALUE_NUMBER_INT && options.timePattern() != null) {
                    sink.timeSet(times.accept(parser.getLongValue()));
                } else {
                    sink.timeSet(times.parse(
                            parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength()));
                }
                return;
            }
            parser.skipChildren();
            sink.timeSet(value == JsonToken.VALUE_NULL ? "the time is null" : "a time must be a string or a number");
        }
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
