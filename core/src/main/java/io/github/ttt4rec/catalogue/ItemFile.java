package io.github.ttt4rec.catalogue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a file of items with attributes: JSON Lines or CSV, plain or compressed with gzip, or Parquet.
 *
 * <p>JSON Lines (a name that ends in {@code .jsonl} or {@code .ndjson}) has on each line an object with the member
 * {@code item} and those of {@link AttributeJson}. CSV has a column {@code item} and any of {@code title} (or
 * {@code name}), {@code text}, {@code group}, {@code category}, {@code label}, {@code available_from} and
 * {@code available_until}. Any other column is an attribute of the shop's own: of type number if every cell is a
 * number, of type words otherwise. Several categories, labels or words in one cell are separated by {@code |}. Empty
 * cells are ignored. Parquet has the same columns; several values may be a list.
 */
public final class ItemFile {
    private static final String SEVERAL = "\\|";
    private static final String NAME = "name";
    /** The first bytes of Parquet. */
    private static final byte[] PARQUET = {'P', 'A', 'R', '1'};

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private String unit = "line";

    private ItemFile(Path file) {
        this.file = file;
    }

    /**
     * Reads all items.
     *
     * @throws UserFacingException if the file cannot be read, an item is invalid or an item occurs twice; the message
     *     names the line
     */
    public static List<ItemRecord> read(Path file) {
        ItemFile reader = new ItemFile(file);
        String name = String.valueOf(file.getFileName()).replaceFirst("[.]gz$", "");
        try (InputStream in = open(file)) {
            List<ItemRecord> items;
            if (isParquet(in)) {
                items = reader.parquet();
            } else {
                items = name.endsWith(".jsonl") || name.endsWith(".ndjson") ? reader.lines(in) : reader.csv(in);
            }
            if (items.isEmpty()) {
                throw new UserFacingException(file + ": holds no items");
            }
            return items;
        } catch (NoSuchFileException e) {
            throw new UserFacingException(file + ": no such file", e);
        } catch (IOException | UncheckedIOException | CsvParseException e) {
            throw new UserFacingException(file + ": cannot read items: " + e.getMessage(), e);
        }
    }

    private static boolean isParquet(InputStream in) throws IOException {
        in.mark(PARQUET.length);
        boolean found = Arrays.equals(in.readNBytes(PARQUET.length), PARQUET);
        in.reset();
        return found;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new BufferedInputStream(new GZIPInputStream(in)) : in;
    }

    private UserFacingException problem(long line, String problem) {
        return new UserFacingException(file + ", " + unit + " " + line + ": " + problem);
    }

    private List<ItemRecord> lines(InputStream in) throws IOException {
        List<ItemRecord> items = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonNode object = JSON.readTree(line);
                ItemAttributes attributes = AttributeJson.read(object, Set.of(AttributeNames.ITEM));
                JsonNode id = object.get(AttributeNames.ITEM);
                if (id == null || (!id.isString() && !id.isIntegralNumber())) {
                    throw new InvalidAttributeException(AttributeNames.ITEM, "must be a string or a whole number");
                }
                items.add(new ItemRecord(checkedId(ids, id.asString(), number), attributes));
            } catch (InvalidAttributeException e) {
                throw problem(number, String.valueOf(e.getMessage()));
            } catch (JacksonException e) {
                throw problem(number, "no JSON object, or one with a name twice");
            }
        }
        return items;
    }

    private String checkedId(Set<String> ids, String id, long line) {
        if (id.isEmpty()) {
            throw problem(line, "the item's id is empty");
        }
        if (!ids.add(id)) {
            throw problem(line, "item '" + AttributeNames.shown(id) + "' occurs twice in this file");
        }
        return id;
    }

    /** A row and the number of its first line, or of the row; a cell has one text, or one for each element of a list. */
    private record Row(long line, Map<String, List<String>> cells) {
        /** The text of a cell; of a list the first element. */
        @Nullable String cell(String column) {
            return texts(column).findFirst().orElse(null);
        }

        List<String> several(String column) {
            return texts(column)
                    .flatMap(text -> Arrays.stream(text.split(SEVERAL, -1)))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        boolean isNumber(String column) {
            return cells.getOrDefault(column, List.of()).size() < 2
                    && texts(column).allMatch(ItemFile::isNumber);
        }

        private Stream<String> texts(String column) {
            return cells.getOrDefault(column, List.of()).stream()
                    .map(String::strip)
                    .filter(text -> !text.isEmpty());
        }
    }

    private List<ItemRecord> csv(InputStream in) throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> header = List.of();
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(in, StandardCharsets.UTF_8)) {
            for (NamedCsvRecord row : csv) {
                header = row.getHeader();
                Map<String, List<String>> cells = new LinkedHashMap<>();
                row.getFieldsAsMap().forEach((column, cell) -> cells.put(column, List.of(cell)));
                rows.add(new Row(row.getStartingLineNumber(), cells));
            }
        }
        return records(header, rows);
    }

    private List<ItemRecord> parquet() {
        unit = "row";
        List<Row> rows = new ArrayList<>();
        Datasets.parquetRows(file, cells -> rows.add(new Row(rows.size() + 1L, cells)));
        return records(
                rows.isEmpty() ? List.of() : List.copyOf(rows.getFirst().cells.keySet()), rows);
    }

    private List<ItemRecord> records(List<String> header, List<Row> rows) {
        if (!rows.isEmpty() && !header.contains(AttributeNames.ITEM)) {
            throw problem(1, "no column \"item\"; found " + header);
        }
        Map<String, AttributeType> own = ownColumns(header, rows);
        Set<String> ids = new HashSet<>();
        List<ItemRecord> items = new ArrayList<>(rows.size());
        for (Row row : rows) {
            String id = row.cell(AttributeNames.ITEM);
            try {
                items.add(new ItemRecord(checkedId(ids, id == null ? "" : id, row.line), attributes(row, own)));
            } catch (InvalidAttributeException e) {
                throw problem(row.line, String.valueOf(e.getMessage()));
            }
        }
        return items;
    }

    /** The columns that hold the shop's own attributes, with their types. */
    private Map<String, AttributeType> ownColumns(List<String> header, List<Row> rows) {
        Map<String, AttributeType> own = new LinkedHashMap<>();
        for (String column : header) {
            if (!isBuiltIn(column)) {
                try {
                    AttributeNames.require(column);
                } catch (InvalidAttributeException e) {
                    throw problem(1, "column: " + e.getMessage());
                }
                boolean numbers = rows.stream().allMatch(row -> row.isNumber(column));
                own.put(column, numbers ? AttributeType.NUMBER : AttributeType.WORDS);
            }
        }
        return own;
    }

    private static boolean isBuiltIn(String column) {
        return switch (column) {
            case AttributeNames.ITEM,
                    AttributeNames.TITLE,
                    NAME,
                    AttributeNames.TEXT,
                    AttributeNames.GROUP,
                    AttributeNames.CATEGORY,
                    AttributeNames.LABEL,
                    AttributeNames.FROM,
                    AttributeNames.UNTIL -> true;
            default -> false;
        };
    }

    private static boolean isNumber(String cell) {
        return cell.matches("[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?");
    }

    private static ItemAttributes attributes(Row row, Map<String, AttributeType> own) {
        String title = row.cell(AttributeNames.TITLE) == null ? row.cell(NAME) : row.cell(AttributeNames.TITLE);
        String text = row.cell(AttributeNames.TEXT);
        String group = row.cell(AttributeNames.GROUP);
        Map<String, AttributeValue> values = new LinkedHashMap<>();
        own.forEach((column, type) -> {
            String cell = row.cell(column);
            if (cell != null) {
                values.put(
                        column,
                        switch (type) {
                            case NUMBER -> AttributeJson.number(column, Double.parseDouble(cell));
                            case WORDS -> new AttributeValue.Words(words(column, row.several(column)));
                        });
            }
        });
        return new ItemAttributes(
                title == null ? null : AttributeJson.checkedTitle(title),
                text == null ? null : AttributeJson.checkedText(text),
                group == null ? null : AttributeJson.checkedGroup(group),
                row.several(AttributeNames.CATEGORY).stream()
                        .map(AttributeJson::category)
                        .toList(),
                words(AttributeNames.LABELS, row.several(AttributeNames.LABEL)),
                values,
                AttributeJson.window(
                        time(row, AttributeNames.FROM, Long.MIN_VALUE),
                        time(row, AttributeNames.UNTIL, Long.MAX_VALUE)));
    }

    private static List<String> words(String name, List<String> words) {
        words.forEach(word -> AttributeJson.checkedWord(name, word));
        return words;
    }

    private static long time(Row row, String column, long otherwise) {
        String cell = row.cell(column);
        return cell == null ? otherwise : AttributeJson.time(column, cell);
    }
}
