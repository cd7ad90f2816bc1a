package io.github.ttt4rec.data.read;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.FileFormat;
import io.github.ttt4rec.data.KnownLog;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.internal.IsoTime;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads delimited text: CSV, TSV and similar formats, and RecBole's atomic files. */
final class DelimitedReader implements RowReader {
    /** A character that never occurs in text, for files in which quotes are ordinary characters. */
    private static final char NO_QUOTE = '\uFFFF';

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+([.,][0-9]+)?");

    private final ReadOptions options;
    private final boolean recBole;

    /** Reads as {@code options} say; RecBole's files are always tab-separated and never quoted. */
    DelimitedReader(ReadOptions options, boolean recBole) {
        this.options = options;
        this.recBole = recBole;
    }

    @Override
    public Rows read(SourceFile source, EventSink sink, TimeParser times, BadRows badRows) throws IOException {
        TextLayout layout = TextLayout.of(source, options, recBole);
        Utf8Reader text = new Utf8Reader(source.content());
        skipLines(text, layout.skip());
        Reader lines = LineRewriter.isNeeded(layout, options.escape())
                ? new LineRewriter(text, layout, options.escape())
                : text;
        Handler handler = new Handler(source.path(), options, layout, sink, times, badRows);
        String comment = options.comment();
        try (CsvReader<Boolean> reader = CsvReader.builder()
                .fieldSeparator(layout.delimiter())
                .quoteCharacter(layout.quotes() ? '"' : NO_QUOTE)
                .commentStrategy(comment == null ? CommentStrategy.NONE : CommentStrategy.SKIP)
                .commentCharacter(comment == null ? '#' : comment.charAt(0))
                .allowUnclosedQuote(false) // an unclosed quote would swallow the rest of the file as one row
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(handler, lines)) {
            for (Boolean row : reader) {
                handler.rows += row ? 1 : 0;
            }
        } catch (UncheckedIOException e) {
            throw SourceFile.broken(source.path(), Objects.requireNonNull(e.getCause()), "after line " + handler.line);
        } catch (CsvParseException e) {
            if (e.getCause() instanceof UserFacingException cause) {
                throw cause;
            }
            if (e.getCause() instanceof IOException cause) {
                throw SourceFile.broken(source.path(), cause, "after line " + handler.line);
            }
            throw new UserFacingException(
                    source.path() + ", after line " + handler.line + ": " + e.getMessage()
                            + "; look for a quote that is not closed or not doubled (such a row cannot be skipped). If"
                            + " quotation marks are ordinary characters, give --no-quotes; if \\\" stands for one, give"
                            + " --escape \\",
                    e);
        }
        Columns columns = handler.columns;
        if (columns == null) {
            throw new UserFacingException(source.path() + " holds nothing but blank lines");
        }
        String name = (recBole ? "RecBole atomic file, " : "") + "delimited by " + layout.shownDelimiter()
                + (layout.wholeLines() ? ", each line in quotes" : "");
        // The quotes follow from the delimiter. Stating them here would disable the search for rows that a stray quote
        // swallows.
        ReadOptions resolved = options.withFormat(recBole ? FileFormat.RECBOLE : FileFormat.DELIMITED)
                .withDelimiter(layout.delimiter());
        return new Rows(
                name, resolved, columns, handler.rows, text.malformedBytes(), handler.hypotheses(), handler.notices());
    }

    /** Skips lines, which end in LF, CR LF or CR. */
    private static void skipLines(Utf8Reader text, int count) throws IOException {
        char[] one = new char[1];
        for (int skipped = 0; skipped < count; ) {
            if (text.read(one, 0, 1) < 0) {
                return;
            }
            skipped += one[0] == '\n' ? 1 : 0;
        }
    }

    /**
     * Takes the fields as slices of the parser's buffer, so that a row allocates nothing; returns true for each row of
     * data.
     */
    private static final class Handler extends AbstractBaseCsvCallbackHandler<Boolean> {
        private enum Role {
            NONE,
            USER,
            ITEM,
            TIME,
            TIME_PART,
            EVENT_ID,
            TYPE,
            VALUE,
            CONTEXT
        }

        private final Path file;
        private final ReadOptions options;
        private final TextLayout layout;
        private final EventSink sink;
        private final TimeParser times;
        private final BadRows badRows;
        private final List<String> firstRow = new ArrayList<>();
        private Role[] roles = new Role[0];
        private @Nullable Columns columns;
        private int fieldCount;
        private long line;
        private long rows;
        private boolean lastEmpty;
        private char firstCharacter;
        private int lists;
        private long longFields;
        private long quotedFields;
        private long headerLine;
        private @Nullable String firstLongField;

        Handler(Path file, ReadOptions options, TextLayout layout, EventSink sink, TimeParser times, BadRows badRows) {
            this.file = file;
            this.options = options;
            this.layout = layout;
            this.sink = sink;
            this.times = times;
            this.badRows = badRows;
        }

        List<String> notices() {
            return longFields == 1 && firstLongField != null
                    ? List.of(file + ": one quoted field alone spans several lines, " + firstLongField
                            + "; if its quotation mark is an ordinary character, give --no-quotes")
                    : List.of();
        }

        List<ReadReport.Hypothesis> hypotheses() {
            return List.of(
                    new ReadReport.Hypothesis("delimiter", layout.shownDelimiter(), layout.evidence()),
                    new ReadReport.Hypothesis(
                            "quotes",
                            layout.quotes() ? "around fields" : "a character like others",
                            (options.quotes() == null ? "as usual for this delimiter" : "given") + "; " + quotedFields
                                    + " fields are quoted, " + longFields + " of them over several lines"),
                    options.header()
                            ? new ReadReport.Hypothesis(
                                    "header",
                                    "line " + headerLine,
                                    "it names columns: "
                                            + firstRow.stream().limit(8).collect(Collectors.joining(", ")))
                            : new ReadReport.Hypothesis("header", "none", "given"));
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            line = startingLineNumber + layout.skip();
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            if (quoted) {
                quotedFields++;
                checkLines(buffer, offset, length);
            }
            if (columns == null) {
                firstRow.add(plain(buffer, offset, length, quoted).strip());
                return;
            }
            if (index == 0) {
                sink.begin();
                firstCharacter = length == 0 ? 0 : buffer[offset];
            }
            lastEmpty = length == 0;
            if (index < roles.length && roles[index] != Role.NONE) {
                int start = contentStart(buffer, offset, length, quoted);
                take(index, buffer, start, offset + length - start - (start > offset ? 1 : 0));
            }
        }

        /**
         * The start of a field's content, {@code offset} unless quotation marks enclose the field that the parser does
         * not know as such: in files without quotes, after a blank, and in {@code ="00123"}, by which spreadsheets are
         * told that digits are text.
         */
        private int contentStart(char[] buffer, int offset, int length, boolean quoted) {
            int end = offset + length;
            int start = offset;
            while (!quoted && start < end && buffer[start] == ' ') {
                start++;
            }
            if (start < end && buffer[start] == '=') {
                start++;
            } else if (quoted) {
                return offset;
            }
            if (end - start < 2 || buffer[start] != '"' || buffer[end - 1] != '"') {
                return offset;
            }
            for (int i = start + 1; i < end - 1 && start > offset; i++) {
                if (buffer[i] == '"') {
                    return offset;
                }
            }
            return start + 1;
        }

        private void take(int index, char[] buffer, int offset, int length) {
            int from = offset;
            int count = length;
            char[] chars = buffer;
            if (options.escape() != null) {
                chars = unescaped(buffer, from, count).toCharArray();
                from = 0;
                count = chars.length;
            }
            switch (roles[index]) {
                case NONE -> {}
                case USER -> sink.userSet(sink.user().set(chars, from, count));
                case ITEM -> {
                    if ((lists & 1 << Math.min(index, 31)) != 0) {
                        sink.items(new String(chars, from, count), " ");
                    } else if (options.listSeparator() != null) {
                        sink.items(new String(chars, from, count), options.listSeparator());
                    } else {
                        sink.itemSet(sink.item().set(chars, from, count));
                    }
                }
                case TIME -> sink.timeSet(times.parse(chars, from, count));
                case TIME_PART ->
                    sink.timePart(
                            Objects.requireNonNull(columns).times().indexOf(index), new String(chars, from, count));
                case TYPE -> sink.typeSet(new String(chars, from, count));
                case VALUE -> sink.valueSet(new String(chars, from, count));
                case EVENT_ID -> sink.eventIdSet(sink.eventId().set(chars, from, count));
                case CONTEXT -> sink.contextSet(index, new String(chars, from, count));
            }
        }

        /** The field as text, with quoting and escaping removed. */
        private String plain(char[] buffer, int offset, int length, boolean quoted) {
            int start = contentStart(buffer, offset, length, quoted);
            return unescaped(buffer, start, offset + length - start - (start > offset ? 1 : 0));
        }

        private String unescaped(char[] buffer, int offset, int length) {
            String field = new String(buffer, offset, length);
            String escape = options.escape();
            return escape == null ? field : LineRewriter.restore(field, layout.delimiter(), escape);
        }

        /** Searches a quoted field for rows that a stray quotation mark has swallowed. */
        private void checkLines(char[] buffer, int offset, int length) {
            int breaks = 0;
            boolean rowInside = false;
            int lineStart = -1;
            for (int i = offset; i <= offset + length; i++) {
                if (i < offset + length && buffer[i] != '\n') {
                    continue;
                }
                if (lineStart >= 0) {
                    String inside = new String(buffer, lineStart, i - lineStart);
                    int delimiters = inside.split(Pattern.quote(layout.delimiter()), -1).length - 1;
                    rowInside |= fieldCount > 1 && i < offset + length && delimiters == fieldCount - 1;
                }
                breaks += i < offset + length ? 1 : 0;
                lineStart = i + 1;
            }
            if (breaks == 0) {
                return;
            }
            String span = "lines " + line + " to " + (line + breaks);
            if (rowInside && options.quotes() == null) {
                throw new UserFacingException(file + ", line " + line + ": a quoted field runs over " + span
                        + " and holds what looks like rows; if quotation marks are ordinary characters in this file, give"
                        + " --no-quotes; if that is one field, give --quotes");
            }
            longFields++;
            firstLongField = firstLongField == null ? span : firstLongField;
        }

        @Override
        protected Boolean buildRecord() {
            if (getRecordType() != RecordType.DATA) {
                return false;
            }
            Columns known = columns;
            if (known != null) {
                finishRow(known);
                return true;
            }
            fieldCount = firstRow.size();
            headerLine = line;
            if (options.header() && firstRow.getFirst().matches("[#%].+")) {
                firstRow.set(0, firstRow.getFirst().substring(1).strip());
            }
            known = options.header()
                    ? withLists(Columns.find(file, readableHeader(), sink.options(firstRow), hint()))
                    : Columns.byNumber(file, fieldCount, options, hint());
            columns = known;
            setRoles(known);
            if (options.header()) {
                if (!known.times().isEmpty()
                        && isTime(firstRow.get(known.times().getFirst()))) {
                    throw new UserFacingException(
                            file + ", line " + line + ": the first line should name the columns but"
                                    + " looks like data; if the file has no header line, give --no-header");
                }
                return false;
            }
            sink.begin();
            for (int i = 0; i < fieldCount; i++) {
                char[] field = firstRow.get(i).toCharArray();
                if (i < roles.length && roles[i] != Role.NONE) {
                    take(i, field, 0, field.length);
                }
            }
            finishRow(known);
            return true;
        }

        private void setRoles(Columns known) {
            roles = new Role[fieldCount];
            Arrays.fill(roles, Role.NONE);
            roles[known.user()] = Role.USER;
            known.items().forEach(item -> roles[item] = Role.ITEM);
            Role time = known.times().size() > 1 ? Role.TIME_PART : Role.TIME;
            known.times().forEach(index -> roles[index] = time);
            if (known.type() >= 0) {
                roles[known.type()] = Role.TYPE;
            }
            if (known.value() >= 0) {
                roles[known.value()] = Role.VALUE;
            }
            if (known.eventId() >= 0 && sink.wantsEventIds()) {
                roles[known.eventId()] = Role.EVENT_ID;
            }
            sink.contextColumns(file, known).forEach(column -> roles[column] = Role.CONTEXT);
            for (int i = 0; i < Math.min(fieldCount, 31); i++) {
                lists |= firstRow.get(i).endsWith(":token_seq") && options.header() ? 1 << i : 0;
            }
        }

        /**
         * RecBole's sequential files have the earlier items of a row in an extra column next to that of the last item.
         */
        private Columns withLists(Columns found) {
            if (options.itemColumn() != null) {
                return found;
            }
            String item = firstRow.get(found.items().getFirst()).replaceFirst(":.*", "");
            int list = firstRow.indexOf(item + "_list:token_seq");
            return list < 0
                    ? found
                    : new Columns(
                            found.names(),
                            found.user(),
                            List.of(list, found.items().getFirst()),
                            found.times(),
                            found.eventId(),
                            found.type(),
                            found.value(),
                            List.of());
        }

        /** A hint on how to read the file if its first line is a row, not a header. */
        private String hint() {
            KnownLog like = KnownLog.like(layout.delimiter(), firstRow);
            if (like != null) {
                return "; the first line looks like a row of a known log, which --preset-log " + like.word() + " reads";
            }
            List<List<String>> sample = layout.sample();
            HeaderlessRows rowsWithout = new HeaderlessRows(sample);
            if (!options.header()) {
                return ", for example " + rowsWithout.options();
            }
            if (isTitle(sample)) {
                return "; the first line has " + sample.get(0).size() + " fields and those below have "
                        + sample.get(1).size() + ": if it is a title, give --skip-lines " + (layout.skip() + 1);
            }
            if (rowsWithout.beginWithData()) {
                return rowsWithout.advice();
            }
            return sample.size() > 1 && new HeaderlessRows(sample.subList(1, sample.size())).areImpressions()
                    ? HeaderlessRows.impressionsAdvice("NR > 1 ")
                    : " (without a header line: --no-header and columns by number)";
        }

        /** Returns whether the first line has fewer fields than all others, which agree. */
        private static boolean isTitle(List<List<String>> sample) {
            int fields = sample.size() < 3 ? 0 : sample.get(1).size();
            return sample.getFirst().size() < fields && sample.stream().skip(1).allMatch(row -> row.size() == fields);
        }

        /** The column names, after a check for characters that only a binary file would have. */
        private List<String> readableHeader() {
            for (String name : firstRow) {
                for (int i = 0; i < name.length(); i++) {
                    char c = name.charAt(i);
                    boolean paired = i + 1 < name.length() && Character.isSurrogatePair(c, name.charAt(i + 1));
                    if (c == 0 || (Character.isSurrogate(c) && !paired)) {
                        throw new UserFacingException(file + ", line " + line + ": the header line is not UTF-8 text; "
                                + "name the character set, such as --encoding "
                                + (c == 0
                                        ? i == 0 ? "utf-16be" : "utf-16le"
                                        : "windows-1252 for Western European text, gbk for Chinese or shift_jis for Japanese")
                                + ", or the --format if it is not delimited text");
                    }
                    i += paired ? 1 : 0;
                }
            }
            return firstRow;
        }

        private static boolean isTime(String name) {
            return NUMBER.matcher(name).matches() || IsoTime.parse(name) != Long.MIN_VALUE;
        }

        private void finishRow(Columns known) {
            int fields = getFieldCount();
            boolean trailing = fields == fieldCount + 1 && lastEmpty;
            boolean shorter = fields == fieldCount - 1 && firstRow.getLast().isEmpty();
            if (fields != fieldCount && !trailing && !shorter) {
                badRows.report(line, mismatch(fields));
                return;
            }
            String problem = sink.finish(known);
            if (problem != null) {
                badRows.report(line, problem);
            }
        }

        private String mismatch(int fields) {
            String advice = "";
            if (firstCharacter == '#' || firstCharacter == '%') {
                advice = "; if lines that begin with " + firstCharacter + " are comments, give --comment "
                        + firstCharacter;
            } else if (fields == fieldCount + 1 && rows == 0) {
                advice = "; if the rows begin with a number of their own, give --skip-lines " + (layout.skip() + 1)
                        + " --no-header and the columns by number";
            } else if (fields > fieldCount) {
                advice = layout.quotes()
                        ? "; quote fields that hold the delimiter"
                        : "; if quoted fields hold the delimiter, give --quotes";
            } else if (!layout.quotes() && firstCharacter != 0) {
                advice = "; if quoted fields hold line ends, give --quotes";
            }
            return "%d %s where the first line has %d%s"
                    .formatted(fields, fields == 1 ? "field" : "fields", fieldCount, advice);
        }
    }
}
