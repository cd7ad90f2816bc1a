package io.github.ttt4rec.data.read;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.FileFormat;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads Apache Parquet; each column's logical type decides how its values are read. The names of nested columns have
 * dots, and {@code []} marks a list; each element of a list is a separate event. Only the needed columns are decoded.
 */
final class ParquetLogReader implements RowReader {
    private static final int BATCH_ROWS = 1 << 14;

    /** The groups that make up the format's two-level and three-level lists. */
    private static final Pattern LIST_GROUPS =
            Pattern.compile("[.](list[.](element|item)|bag[.]array_element|bag[.]array|array|list)(?![^.])");

    private final ReadOptions options;

    ParquetLogReader(ReadOptions options) {
        this.options = options;
    }

    @Override
    public Rows read(SourceFile source, EventSink sink, TimeParser times, BadRows badRows) throws IOException {
        if (source.compression() == Compression.NONE) {
            return read(source.path(), source.path(), sink, times, badRows);
        }
        // Parquet is read from its end, which is impossible in a compressed stream.
        Path unpacked = Files.createTempFile("ttt4rec", ".parquet");
        try {
            Files.copy(source.content(), unpacked, StandardCopyOption.REPLACE_EXISTING);
            return read(source.path(), unpacked, sink, times, badRows);
        } finally {
            Files.delete(unpacked);
        }
    }

    private Rows read(Path name, Path file, EventSink sink, TimeParser times, BadRows badRows) {
        long rows = 0;
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
            List<ColumnSchema> schemas = reader.getFileSchema().getColumns();
            List<String> names = schemas.stream().map(ParquetLogReader::shown).toList();
            Columns columns = Columns.find(name, names, sink.options(names), "");
            check(name, schemas, columns, sink.wantsEventIds());
            List<String> wanted = new ArrayList<>();
            wanted.add(path(schemas, columns.user()));
            columns.items().forEach(item -> wanted.add(path(schemas, item)));
            columns.times().forEach(time -> wanted.add(path(schemas, time)));
            if (columns.type() >= 0) {
                wanted.add(path(schemas, columns.type()));
            }
            if (columns.value() >= 0) {
                wanted.add(path(schemas, columns.value()));
            }
            if (columns.eventId() >= 0 && sink.wantsEventIds()) {
                wanted.add(path(schemas, columns.eventId()));
            }
            int firstContext = wanted.size();
            List<Integer> contexts = sink.contextColumns(name, columns);
            for (int column : contexts) {
                check(name, schemas.get(column), ParquetCells.textProblem(schemas.get(column)));
                wanted.add(path(schemas, column));
            }
            ColumnProjection projection = ColumnProjection.columns(wanted.toArray(String[]::new));
            try (ColumnReaders readers =
                    reader.buildColumnReaders(projection).batchSize(BATCH_ROWS).build()) {
                while (readers.nextBatch()) {
                    List<ParquetCells> cells = wanted.stream()
                            .map(path -> new ParquetCells(readers.getColumnReader(path)))
                            .toList();
                    for (int i = 0; i < readers.getRecordCount(); i++) {
                        rows++;
                        row(i, cells, columns, sink, times);
                        context(i, cells.subList(firstContext, cells.size()), contexts, sink);
                        String problem = sink.finish(columns);
                        if (problem != null) {
                            badRows.report(rows, problem);
                        }
                    }
                }
            }
            List<ReadReport.Hypothesis> hypotheses = List.of(
                    new ReadReport.Hypothesis("format", "Parquet", "the file begins with PAR1"),
                    new ReadReport.Hypothesis(
                            "types",
                            wanted.stream()
                                    .map(path -> path + " "
                                            + ParquetCells.name(
                                                    reader.getFileSchema().getColumn(path)))
                                    .collect(Collectors.joining(", ")),
                            "the file declares them"));
            return new Rows("Parquet", options.withFormat(FileFormat.PARQUET), columns, rows, 0, hypotheses, List.of());
        } catch (UserFacingException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The library reports damage with exceptions of many kinds, all of which mean a problem of the file.
            throw unreadable(name, rows, e);
        }
    }

    /**
     * Passes each row of a file to a consumer: the texts of its cells that are not null, by the names of their columns.
     *
     * @throws UserFacingException if the file cannot be read, or a column has neither strings nor numbers
     */
    static void eachRow(Path file, Consumer<Map<String, List<String>>> to) {
        long rows = 0;
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
            List<ColumnSchema> schemas = reader.getFileSchema().getColumns();
            schemas.forEach(schema -> check(file, schema, ParquetCells.textProblem(schema)));
            ColumnProjection all = ColumnProjection.columns(schemas.stream()
                    .map(schema -> schema.fieldPath().toString())
                    .toArray(String[]::new));
            try (ColumnReaders readers =
                    reader.buildColumnReaders(all).batchSize(BATCH_ROWS).build()) {
                while (readers.nextBatch()) {
                    List<ParquetCells> cells = schemas.stream()
                            .map(schema -> new ParquetCells(
                                    readers.getColumnReader(schema.fieldPath().toString())))
                            .toList();
                    for (int i = 0; i < readers.getRecordCount(); i++) {
                        rows++;
                        to.accept(texts(i, schemas, cells));
                    }
                }
            }
        } catch (UserFacingException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, rows, e);
        }
    }

    private static Map<String, List<String>> texts(int row, List<ColumnSchema> schemas, List<ParquetCells> cells) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        for (int column = 0; column < cells.size(); column++) {
            ParquetCells values = cells.get(column);
            List<String> text = new ArrayList<>();
            for (int at = values.from(row); at < values.to(row); at++) {
                if (!values.isNull(at)) {
                    text.add(values.text(at));
                }
            }
            texts.put(shown(schemas.get(column)).replace("[]", ""), text);
        }
        return texts;
    }

    private void row(int row, List<ParquetCells> cells, Columns columns, EventSink sink, TimeParser times) {
        sink.begin();
        ParquetCells users = cells.getFirst();
        for (int at = users.from(row); at < users.to(row); at++) {
            sink.userSet(users.id(at, sink.user()));
        }
        int itemColumns = columns.items().size();
        for (ParquetCells items : cells.subList(1, 1 + itemColumns)) {
            if (items.isList()) {
                sink.list();
            }
            for (int at = items.from(row); at < items.to(row); at++) {
                sink.itemSet(items.id(at, sink.item()));
            }
        }
        for (int part = 0; part < columns.times().size(); part++) {
            ParquetCells stamps = cells.get(1 + itemColumns + part);
            for (int at = stamps.from(row); at < stamps.to(row); at++) {
                if (columns.times().size() == 1) {
                    sink.timeSet(stamps.time(at, times));
                } else {
                    sink.timePart(part, stamps.text(at));
                }
            }
        }
        int next = 1 + itemColumns + columns.times().size();
        if (columns.type() >= 0) {
            ParquetCells types = cells.get(next++);
            for (int at = types.from(row); at < types.to(row); at++) {
                sink.typeSet(types.text(at));
            }
        }
        if (columns.value() >= 0) {
            ParquetCells values = cells.get(next++);
            for (int at = values.from(row); at < values.to(row); at++) {
                sink.valueSet(values.text(at));
            }
        }
        if (columns.eventId() >= 0 && sink.wantsEventIds()) {
            ParquetCells ids = cells.get(next);
            for (int at = ids.from(row); at < ids.to(row); at++) {
                if (!ids.isNull(at)) {
                    sink.eventIdSet(ids.id(at, sink.eventId()));
                }
            }
        }
    }

    private static void context(int row, List<ParquetCells> cells, List<Integer> columns, EventSink sink) {
        for (int i = 0; i < columns.size(); i++) {
            ParquetCells values = cells.get(i);
            for (int at = values.from(row); at < values.to(row); at++) {
                sink.contextSet(columns.get(i), values.text(at));
            }
        }
    }

    private static String path(List<ColumnSchema> schemas, int column) {
        return schemas.get(column).fieldPath().toString();
    }

    /** The column's name, in which {@code []} replaces the groups that writers wrap lists in. */
    private static String shown(ColumnSchema schema) {
        String path = schema.fieldPath().toString();
        String shown = LIST_GROUPS.matcher(path).replaceAll("[]");
        return schema.maxRepetitionLevel() > 0 && !shown.contains("[]") ? shown + "[]" : shown;
    }

    private static void check(Path name, List<ColumnSchema> schemas, Columns columns, boolean eventIds) {
        check(name, schemas.get(columns.user()), ParquetCells.idProblem(schemas.get(columns.user())));
        columns.items().forEach(item -> check(name, schemas.get(item), ParquetCells.idProblem(schemas.get(item))));
        if (columns.eventId() >= 0 && eventIds) {
            check(name, schemas.get(columns.eventId()), ParquetCells.idProblem(schemas.get(columns.eventId())));
        }
        for (int column : new int[] {columns.type(), columns.value()}) {
            if (column >= 0) {
                check(name, schemas.get(column), ParquetCells.textProblem(schemas.get(column)));
            }
        }
        for (int time : columns.times()) {
            ColumnSchema schema = schemas.get(time);
            String problem = ParquetCells.timeProblem(schema, columns.times().indexOf(time) > 0);
            check(
                    name,
                    schema,
                    problem == null ? null : problem.replace(TimeParser.DATE_AND_TIME, columns.dateAndTime()));
        }
    }

    private static void check(Path name, ColumnSchema schema, @Nullable String problem) {
        String wrong = schema.maxRepetitionLevel() > 1 ? "is a list of lists, which has no order of events" : problem;
        if (wrong != null) {
            throw new UserFacingException(name + ": column \"" + shown(schema) + "\" " + wrong);
        }
    }

    private static UserFacingException unreadable(Path name, long rows, Exception e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        String reason = message == null
                ? deepest.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
        String upper = reason.toUpperCase(Locale.ROOT);
        if (upper.contains("BROTLI") || upper.contains("LZO")) {
            return new UserFacingException(
                    name + " is compressed with " + (upper.contains("LZO") ? "LZO" : "Brotli")
                            + ", which is not read; rewrite it, for example: python3 -c 'import pyarrow.parquet as p;"
                            + " p.write_table(p.read_table(\"" + name + "\"), \"FILE.parquet\", compression=\"zstd\")'",
                    e);
        }
        return new UserFacingException(
                name + ": cannot be read as Parquet" + (rows == 0 ? "" : " after row " + rows) + " (" + reason
                        + "); if it is damaged, copy or download it again",
                e);
    }
}
