package io.github.ttt4rec.flink.ends;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.flink.state.BadRow;
import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Events as CSV or the like, with a header. */
public final class CsvEventReader implements RowReader {
    private static final List<String> DELIMITERS = List.of("\t", ",", ";", "|", "::", "\u0001");
    private static final int PEEK = 1 << 16;

    private final String source;
    private final CsvReader<CsvRecord> csv;
    private final Iterator<CsvRecord> records;
    private final List<String> names;
    private final EventColumns.Found columns;
    private long line;

    /** Reads the header; throws {@link UserFacingException} if it does not name users and items. */
    CsvEventReader(Path source, BufferedReader text, EventColumns wanted) throws IOException {
        this.source = source.toString();
        csv = CsvReader.builder()
                .fieldSeparator(delimiter(text))
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text);
        records = csv.iterator();
        try {
            names = records.next().getFields().stream().map(String::strip).toList();
        } catch (NoSuchElementException e) {
            throw new UserFacingException(source + " is empty", e);
        }
        if (names.stream().noneMatch(name -> name.matches(".*[a-zA-Z].*"))) {
            throw new UserFacingException(source + ": the first line should name the columns but looks like data; put a"
                    + " line of names in front of it, such as user,item,time");
        }
        columns = wanted.find(source, names);
    }

    private static String delimiter(BufferedReader text) throws IOException {
        text.mark(PEEK);
        char[] start = new char[PEEK - 1];
        int length = Math.max(0, text.read(start));
        text.reset();
        String header = new String(start, 0, length).lines().findFirst().orElse("");
        String best = ",";
        long most = 0;
        for (String candidate : DELIMITERS) {
            long count = header.split(Pattern.quote(candidate), -1).length - 1L;
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    @Override
    public @Nullable Row next() {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord fields = records.next();
            line = fields.getStartingLineNumber();
            return event(fields);
        } catch (UncheckedIOException | CsvParseException e) {
            // Nobody knows where such a row ends.
            throw new UserFacingException(source + ": cannot read on after line " + line + ": " + e.getMessage(), e);
        } catch (JsonRows.WrongRowException e) {
            return new BadRow(source + ", line " + line + ": " + e.getMessage());
        }
    }

    private UserEvent event(CsvRecord fields) throws JsonRows.WrongRowException {
        if (fields.getFieldCount() != names.size()) {
            throw new JsonRows.WrongRowException(
                    fields.getFieldCount() + " fields where the first line has " + names.size());
        }
        String eventId =
                columns.eventId() < 0 ? "" : fields.getField(columns.eventId()).strip();
        return new UserEvent(
                id(fields, columns.user()),
                id(fields, columns.item()),
                columns.time() < 0
                        ? UserEvent.NO_TIME
                        : JsonRows.time(
                                names.get(columns.time()),
                                fields.getField(columns.time()).strip()),
                eventId.isEmpty() ? null : eventId);
    }

    private String id(CsvRecord fields, int column) throws JsonRows.WrongRowException {
        String id = fields.getField(column).strip();
        if (id.isEmpty()) {
            throw new JsonRows.WrongRowException("column \"" + names.get(column) + "\" is empty");
        }
        return id;
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
