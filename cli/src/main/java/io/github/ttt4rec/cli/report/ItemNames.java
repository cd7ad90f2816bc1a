package io.github.ttt4rec.cli.report;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.github.ttt4rec.UserFacingException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Items' display names, by id. */
public final class ItemNames {
    /** Names no item. */
    public static final ItemNames NONE = new ItemNames(Map.of());

    private final Map<String, String> names;

    private ItemNames(Map<String, String> names) {
        this.names = names;
    }

    /** Reads a CSV file with the columns {@code item} and {@code name}, optionally gzipped. */
    public static ItemNames read(Path file) {
        Map<String, String> names = new HashMap<>();
        try (InputStream in = open(file);
                CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(in, StandardCharsets.UTF_8)) {
            for (NamedCsvRecord row : csv) {
                names.putIfAbsent(field(file, row, "item"), field(file, row, "name"));
            }
        } catch (NoSuchFileException e) {
            throw new UserFacingException(file + ": no such file", e);
        } catch (IOException | UncheckedIOException | CsvParseException e) {
            throw new UserFacingException(file + ": cannot read names: " + e.getMessage(), e);
        }
        if (names.isEmpty()) {
            throw new UserFacingException(file + ": has no rows; expected CSV with the columns item and name");
        }
        return new ItemNames(names);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in) : in;
    }

    private static String field(Path file, NamedCsvRecord row, String column) {
        return row.findField(column)
                .orElseThrow(() -> new UserFacingException(file + ", line " + row.getStartingLineNumber()
                        + ": no column \"" + column + "\"; names need the columns item and name, found "
                        + row.getHeader()));
    }

    /** Returns all names that are not empty, by item. */
    public Map<String, String> byItem() {
        Map<String, String> named = new HashMap<>(names);
        named.values().removeIf(String::isBlank);
        return named;
    }

    /** Returns whether no item has a name. */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** Returns an item's name, or its id if it has none. */
    public String of(String item) {
        return names.getOrDefault(item, item);
    }
}
