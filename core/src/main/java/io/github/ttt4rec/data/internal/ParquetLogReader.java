package io.github.ttt4rec.data.internal;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Apache Parquet: ids are strings or whole numbers, times timestamps, dates, numbers or text. Only the three columns are
 * decoded.
 */
final class ParquetLogReader implements RowReader {
    private static final int BATCH_ROWS = 1 << 14;

    /** The Julian day number of 1970-01-01, from which the old INT96 timestamps count. */
    private static final long JULIAN_EPOCH_DAY = 2_440_588;

    private final ReadOptions options;

    ParquetLogReader(ReadOptions options) {
        this.options = options;
    }

    @Override
    public Rows read(SourceFile source, InteractionLog log, TimeParser times, BadRows badRows) throws IOException {
        if (!source.gzip()) {
            return read(source.path(), source.path(), log, times, badRows);
        }
        // Parquet is read from its end, which a gzip stream cannot do.
        Path unpacked = Files.createTempFile("ttt4rec", ".parquet");
        try {
            Files.copy(source.content(), unpacked, StandardCopyOption.REPLACE_EXISTING);
            return read(source.path(), unpacked, log, times, badRows);
        } finally {
            Files.delete(unpacked);
        }
    }

    private Rows read(Path name, Path file, InteractionLog log, TimeParser times, BadRows badRows) {
        long rows = 0;
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file))) {
            List<ColumnSchema> schemas = reader.getFileSchema().getColumns();
            Columns columns = Columns.find(
                    name,
                    schemas.stream()
                            .map(schema -> schema.fieldPath().toString())
                            .toList(),
                    options);
            ColumnProjection projection = columns.time() < 0
                    ? ColumnProjection.columns(columns.userName(), columns.itemName())
                    : ColumnProjection.columns(
                            columns.userName(), columns.itemName(), String.valueOf(columns.timeName()));
            for (String column : projection.getProjectedColumnNames()) {
                check(name, reader.getFileSchema().getColumn(column), column.equals(columns.timeName()));
            }
            IdBuffer user = new IdBuffer();
            IdBuffer item = new IdBuffer();
            try (ColumnReaders readers =
                    reader.buildColumnReaders(projection).batchSize(BATCH_ROWS).build()) {
                while (readers.nextBatch()) {
                    Cells users = new Cells(readers.getColumnReader(columns.userName()));
                    Cells items = new Cells(readers.getColumnReader(columns.itemName()));
                    Cells stamps =
                            columns.timeName() == null ? null : new Cells(readers.getColumnReader(columns.timeName()));
                    for (int i = 0; i < readers.getRecordCount(); i++) {
                        rows++;
                        String problem = users.id(i, user);
                        if (problem != null) {
                            badRows.report(rows, columns.userName(), problem);
                            continue;
                        }
                        problem = items.id(i, item);
                        if (problem != null) {
                            badRows.report(rows, columns.itemName(), problem);
                            continue;
                        }
                        problem = stamps == null ? null : stamps.time(i, times);
                        if (problem != null) {
                            badRows.report(rows, String.valueOf(columns.timeName()), problem);
                            continue;
                        }
                        log.add(user, item, stamps == null ? log.size() : times.value());
                    }
                }
            }
            return new Rows("Parquet", columns, rows, 0);
        } catch (UserFacingException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The reader answers damage with exceptions of many kinds; none of them tells of anything but the file.
            throw new UserFacingException(
                    name + ": cannot be read as Parquet" + (rows == 0 ? "" : " after row " + rows) + " (" + reason(e)
                            + "); if it is damaged, copy or download it again",
                    e);
        }
    }

    private static String reason(Throwable problem) {
        Throwable deepest = problem;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null
                ? deepest.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }

    private static void check(Path name, ColumnSchema schema, boolean isTime) {
        boolean fits = schema.maxRepetitionLevel() == 0
                && switch (schema.type()) {
                    case INT32, INT64, BYTE_ARRAY -> true;
                    case INT96, FLOAT, DOUBLE -> isTime;
                    case BOOLEAN, FIXED_LEN_BYTE_ARRAY -> false;
                };
        if (!fits) {
            throw new UserFacingException(name + ": column \"" + schema.fieldPath() + "\" has the type "
                    + (schema.maxRepetitionLevel() > 0 ? "list" : schema.type()) + "; "
                    + (isTime
                            ? "times must be timestamps, dates, numbers or strings"
                            : "ids must be strings or whole numbers"));
        }
    }

    /** One column of one batch. */
    private static final class Cells {
        private final ColumnSchema schema;
        private final Validity validity;
        private final int[] ints;
        private final long[] longs;
        private final double[] doubles;
        private final float[] floats;
        private final byte[][] binaries;
        private final byte[] bytes;
        private final int[] offsets;

        Cells(ColumnReader reader) {
            schema = reader.getColumnSchema();
            validity = reader.getLeafValidity();
            PhysicalType type = schema.type();
            ints = type == PhysicalType.INT32 ? reader.getInts() : new int[0];
            longs = type == PhysicalType.INT64 ? reader.getLongs() : new long[0];
            doubles = type == PhysicalType.DOUBLE ? reader.getDoubles() : new double[0];
            floats = type == PhysicalType.FLOAT ? reader.getFloats() : new float[0];
            binaries = type == PhysicalType.INT96 ? reader.getBinaries() : new byte[0][];
            bytes = type == PhysicalType.BYTE_ARRAY ? reader.getBinaryValues() : new byte[0];
            offsets = type == PhysicalType.BYTE_ARRAY ? reader.getBinaryOffsets() : new int[0];
        }

        @Nullable String id(int row, IdBuffer id) {
            if (validity.isNull(row)) {
                return "the id is null";
            }
            return switch (schema.type()) {
                case INT32 -> {
                    id.set(ints[row]);
                    yield null;
                }
                case INT64 -> {
                    id.set(longs[row]);
                    yield null;
                }
                case BYTE_ARRAY -> id.set(bytes, offsets[row], offsets[row + 1] - offsets[row]);
                case INT96, FLOAT, DOUBLE, BOOLEAN, FIXED_LEN_BYTE_ARRAY ->
                    throw new IllegalStateException("checked before: " + schema.type());
            };
        }

        @Nullable String time(int row, TimeParser times) {
            if (validity.isNull(row)) {
                return "the time is null";
            }
            return switch (schema.type()) {
                case INT32 ->
                    schema.logicalType() instanceof LogicalType.DateType
                            ? times.acceptMicros(ints[row] * 86_400_000_000L)
                            : times.accept((long) ints[row]);
                case INT64 ->
                    schema.logicalType() instanceof LogicalType.TimestampType timestamp
                            ? times.acceptMicros(
                                    switch (timestamp.unit()) {
                                        case MILLIS -> longs[row] * 1000;
                                        case MICROS -> longs[row];
                                        case NANOS -> Math.floorDiv(longs[row], 1000L);
                                    })
                            : times.accept(longs[row]);
                case INT96 -> {
                    ByteBuffer parts = ByteBuffer.wrap(binaries[row]).order(ByteOrder.LITTLE_ENDIAN);
                    long nanosOfDay = parts.getLong();
                    long day = parts.getInt() - JULIAN_EPOCH_DAY;
                    yield times.acceptMicros(day * 86_400_000_000L + nanosOfDay / 1000);
                }
                case FLOAT -> times.accept((double) floats[row]);
                case DOUBLE -> times.accept(doubles[row]);
                case BYTE_ARRAY -> {
                    int start = offsets[row];
                    char[] text =
                            new String(bytes, start, offsets[row + 1] - start, StandardCharsets.UTF_8).toCharArray();
                    yield times.parse(text, 0, text.length);
                }
                case BOOLEAN, FIXED_LEN_BYTE_ARRAY ->
                    throw new IllegalStateException("checked before: " + schema.type());
            };
        }
    }
}
