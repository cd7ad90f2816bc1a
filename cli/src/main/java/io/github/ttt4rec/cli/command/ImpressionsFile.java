package io.github.ttt4rec.cli.command;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.serve.store.Ids;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.ShownItem;
import io.github.ttt4rec.serve.store.StoreLog;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The file of impressions (items shown to users) that {@code export} writes and {@code import} reads: CSV with a header. */
final class ImpressionsFile {
    private static final String[] COLUMNS = {"user", "item", "scenario", "place", "shown", "time"};

    private ImpressionsFile() {}

    /** Writes a store's impressions and returns their number. */
    static long write(StoreLog log, Writer text) {
        CsvWriter csv = CsvWriter.builder()
                .bufferSize(0)
                .lineDelimiter(LineDelimiter.LF)
                .build(text);
        csv.writeRecord(COLUMNS);
        return log.shown((user, item) -> csv.writeRecord(
                user,
                item.item(),
                item.scenario(),
                String.valueOf(item.place()),
                String.valueOf(item.shown()),
                EventTime.instant(item.timeMicros()).toString()));
    }

    /**
     * Reads each user's impressions.
     *
     * @throws UserFacingException that names the file and the line, if a row is wrong
     */
    static Map<String, List<ShownItem>> read(Path file) {
        Map<String, List<ShownItem>> users = new LinkedHashMap<>();
        try (InputStream in = open(file);
                CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(in, StandardCharsets.UTF_8)) {
            for (NamedCsvRecord row : csv) {
                for (String column : COLUMNS) {
                    if (row.findField(column).isEmpty()) {
                        throw new UserFacingException(file + ", line " + row.getStartingLineNumber() + ": no column \""
                                + column + "\"; write the file by: ttt4rec export --impressions");
                    }
                }
                users.computeIfAbsent(row.getField("user"), first -> new ArrayList<>())
                        .add(item(file, row));
            }
        } catch (NoSuchFileException e) {
            throw new UserFacingException("no such file: " + file + "; check the path", e);
        } catch (IOException | CsvParseException e) {
            throw new UserFacingException(file + ": cannot be read: " + e.getMessage(), e);
        }
        return users;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    private static ShownItem item(Path file, NamedCsvRecord row) {
        String line = file + ", line " + row.getStartingLineNumber() + ": ";
        try {
            Ids.require(row.getField("user"), "user");
            Ids.require(row.getField("item"), "item");
            if (!Impression.isScenario(row.getField("scenario"))) {
                throw new UserFacingException("scenario: a name has 1 to 64 letters, digits, _ and -");
            }
            return new ShownItem(
                    row.getField("item"),
                    row.getField("scenario"),
                    (int) Math.min(Integer.MAX_VALUE, count(row, "place")),
                    count(row, "shown"),
                    EventTime.micros(Instant.parse(row.getField("time"))));
        } catch (UserFacingException e) {
            throw new UserFacingException(line + e.getMessage(), e);
        } catch (DateTimeException | ArithmeticException e) {
            throw new UserFacingException(
                    line + "the time \"" + row.getField("time") + "\" is not a moment such as 2026-11-27T08:00:00Z", e);
        }
    }

    private static long count(NamedCsvRecord row, String column) {
        String text = row.getField(column);
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw new UserFacingException(column + ": \"" + text + "\" is not a whole number from 1");
        }
        return Long.parseLong(text);
    }
}
