package io.github.ttt4rec.data.internal;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Delimited text: CSV, TSV and their kin, and RecBole's atomic files. */
final class DelimitedReader implements RowReader {
    private static final List<String> DELIMITERS = List.of("\t", ",", ";", "|", "::");

    /** A character that text does not hold, for files in which quotes are ordinary characters. */
    private static final char NO_QUOTE = '\u0000';

    private final ReadOptions options;
    private final boolean recBole;

    /** Reads as {@code options} say; RecBole's files are tab separated and never quoted. */
    DelimitedReader(ReadOptions options, boolean recBole) {
        this.options = options;
        this.recBole = recBole;
    }

    @Override
    public Rows read(SourceFile source, InteractionLog log, TimeParser times, BadRows badRows) throws IOException {
        String delimiter = delimiter(source);
        Utf8Reader text = new Utf8Reader(source.content());
        Handler handler = new Handler(source.path(), options, log, times, badRows);
        try (CsvReader<Boolean> reader = CsvReader.builder()
                .fieldSeparator(delimiter)
                .quoteCharacter(recBole ? NO_QUOTE : '"')
                .allowUnclosedQuote(false) // or it would swallow the rest of the file as one row
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(handler, text)) {
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
                            + "; look for a quote that is not closed or not doubled (such a row cannot be skipped, as"
                            + " nobody knows where it ends)",
                    e);
        }
        Columns columns = handler.columns;
        if (columns == null) {
            throw new UserFacingException(source.path() + " holds nothing but blank lines");
        }
        String name = recBole ? "RecBole atomic file" : "delimited by " + shown(delimiter);
        return new Rows(name, columns, handler.rows, text.malformedBytes());
    }

    private static String shown(String delimiter) {
        return delimiter.equals("\t") ? "tab" : "'" + delimiter + "'";
    }

    private String delimiter(SourceFile source) throws IOException {
        if (options.delimiter() != null) {
            return options.delimiter();
        }
        if (recBole) {
            return "\t";
        }
        String line = new String(source.peek(SourceFile.PEEK), StandardCharsets.UTF_8)
                .lines()
                .filter(candidate -> !candidate.isBlank())
                .findFirst()
                .orElse("");
        String best = "";
        int most = 0;
        for (String candidate : DELIMITERS) {
            int count = countOutsideQuotes(line, candidate);
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        if (most == 0) {
            throw new UserFacingException(source.path() + ", line 1: no delimiter (tab , ; | ::) in \""
                    + line.substring(0, Math.min(60, line.length()))
                    + "\"; a log needs a column each for users and items, so check the file or give --delimiter");
        }
        return best;
    }

    private static int countOutsideQuotes(String line, String delimiter) {
        int count = 0;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '"') {
                quoted = !quoted;
            } else if (!quoted && line.startsWith(delimiter, i)) {
                count++;
                i += delimiter.length() - 1;
            }
        }
        return count;
    }

    /** Takes the fields as slices of the parser's buffer, so that a row makes no garbage; gives true for each row of data. */
    private static final class Handler extends AbstractBaseCsvCallbackHandler<Boolean> {
        private final Path file;
        private final ReadOptions options;
        private final InteractionLog log;
        private final TimeParser times;
        private final BadRows badRows;
        private final List<String> firstRow = new ArrayList<>();
        private final IdBuffer user = new IdBuffer();
        private final IdBuffer item = new IdBuffer();
        private @Nullable Columns columns;
        private int fieldCount;
        private long line;
        private long rows;
        private @Nullable String userProblem;
        private @Nullable String itemProblem;
        private @Nullable String timeProblem;

        Handler(Path file, ReadOptions options, InteractionLog log, TimeParser times, BadRows badRows) {
            this.file = file;
            this.options = options;
            this.log = log;
            this.times = times;
            this.badRows = badRows;
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            line = startingLineNumber;
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            Columns known = columns;
            if (known == null) {
                firstRow.add(new String(buffer, offset, length).strip());
            } else {
                take(known, index, buffer, offset, length);
            }
        }

        private void take(Columns known, int index, char[] buffer, int offset, int length) {
            if (index == known.user()) {
                userProblem = user.set(buffer, offset, length);
            } else if (index == known.item()) {
                itemProblem = item.set(buffer, offset, length);
            } else if (index == known.time()) {
                timeProblem = times.parse(buffer, offset, length);
            }
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
            known = options.header()
                    ? Columns.find(file, readableHeader(), options)
                    : Columns.byNumber(file, fieldCount, options);
            columns = known;
            if (options.header()) {
                if (known.time() >= 0 && isTime(firstRow.get(known.time()))) {
                    throw new UserFacingException(
                            file + ", line " + line + ": the first line should name the columns but"
                                    + " looks like data; if the file has no header line, give --no-header");
                }
                return false;
            }
            for (int i = 0; i < fieldCount; i++) {
                char[] field = firstRow.get(i).toCharArray();
                take(known, i, field, 0, field.length);
            }
            finishRow(known);
            return true;
        }

        /** The column names, after a look for characters that show that this is no text file. */
        private List<String> readableHeader() {
            for (String name : firstRow) {
                for (int i = 0; i < name.length(); i++) {
                    char c = name.charAt(i);
                    boolean paired = i + 1 < name.length() && Character.isSurrogatePair(c, name.charAt(i + 1));
                    if (c == 0 || (Character.isSurrogate(c) && !paired)) {
                        throw new UserFacingException(file + ", line " + line + ": the header line is not UTF-8 text; "
                                + "convert the file to UTF-8, and name its --format if it is no delimited text");
                    }
                    i += paired ? 1 : 0;
                }
            }
            return firstRow;
        }

        private static boolean isTime(String name) {
            return name.matches("[0-9]+([.][0-9]+)?") || TimeParser.isoMicros(name) != Long.MIN_VALUE;
        }

        private void finishRow(Columns known) {
            int fields = getFieldCount();
            if (fields != fieldCount) {
                badRows.report(
                        line,
                        "%d %s where the first line has %d%s"
                                .formatted(
                                        fields,
                                        fields == 1 ? "field" : "fields",
                                        fieldCount,
                                        fields > fieldCount ? "; quote fields that hold the delimiter" : ""));
            } else if (userProblem != null) {
                badRows.report(line, known.userName(), userProblem);
            } else if (itemProblem != null) {
                badRows.report(line, known.itemName(), itemProblem);
            } else if (known.time() >= 0 && timeProblem != null) {
                badRows.report(line, String.valueOf(known.timeName()), timeProblem);
            } else {
                log.add(user, item, known.time() < 0 ? log.size() : times.value());
            }
        }
    }
}
