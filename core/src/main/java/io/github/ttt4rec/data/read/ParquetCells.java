package io.github.ttt4rec.data.read;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.LayerKind;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One Parquet column of one batch; its logical type decides how ids and times are read. */
final class ParquetCells {
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /** The Julian day number of 1970-01-01, for the legacy INT96 timestamps. */
    private static final long JULIAN_EPOCH_DAY = 2_440_588;

    private static final int UUID_BYTES = 16;

    /** 32-bit floats represent every whole number up to this one. */
    static final float MAX_EXACT_FLOAT = 1 << 24;

    private final ColumnSchema schema;
    private final Validity validity;
    private final int[] ints;
    private final long[] longs;
    private final double[] doubles;
    private final float[] floats;
    private final byte[][] binaries;
    private final byte[] bytes;
    private final int[] offsets;

    /** The index of each record's first value, or null if each record has one value. */
    private final int @Nullable [] records;

    ParquetCells(ColumnReader reader) {
        schema = reader.getColumnSchema();
        validity = reader.getLeafValidity();
        PhysicalType type = schema.type();
        ints = type == PhysicalType.INT32 ? reader.getInts() : new int[0];
        longs = type == PhysicalType.INT64 ? reader.getLongs() : new long[0];
        doubles = type == PhysicalType.DOUBLE ? reader.getDoubles() : new double[0];
        floats = type == PhysicalType.FLOAT ? reader.getFloats() : new float[0];
        binaries = type == PhysicalType.INT96 || type == PhysicalType.FIXED_LEN_BYTE_ARRAY
                ? reader.getBinaries()
                : new byte[0][];
        bytes = type == PhysicalType.BYTE_ARRAY ? reader.getBinaryValues() : new byte[0];
        offsets = type == PhysicalType.BYTE_ARRAY ? reader.getBinaryOffsets() : new int[0];
        int[] starts = null;
        for (int layer = 0; schema.maxRepetitionLevel() > 0 && layer < reader.getLayerCount(); layer++) {
            if (reader.getLayerKind(layer) == LayerKind.REPEATED) {
                starts = reader.getLayerOffsets(layer);
            }
        }
        records = starts;
    }

    /** The reason why this column cannot hold ids, or null. */
    static @Nullable String idProblem(ColumnSchema schema) {
        boolean fits = switch (schema.type()) {
            case INT32, INT64 ->
                schema.logicalType() == null
                        || schema.logicalType() instanceof LogicalType.IntType
                        || schema.logicalType() instanceof LogicalType.DecimalType;
            case BYTE_ARRAY, FLOAT, DOUBLE -> true;
            case FIXED_LEN_BYTE_ARRAY ->
                schema.logicalType() instanceof LogicalType.DecimalType
                        || schema.logicalType() instanceof LogicalType.UuidType;
            case INT96, BOOLEAN -> false;
        };
        return fits ? null : "has the type " + name(schema) + "; ids must be strings or whole numbers";
    }

    /**
     * The reason why this column cannot hold times, or null.
     *
     * @param behindDate whether it follows a column of dates, so that a time of day is enough
     */
    static @Nullable String timeProblem(ColumnSchema schema, boolean behindDate) {
        if (schema.logicalType() instanceof LogicalType.TimeType) {
            return behindDate
                    ? null
                    : "has the type TIME, a time of day without a date; name a column of dates before it, as"
                            + " --time-column " + TimeParser.DATE_AND_TIME
                            + ", or another column, or --file-order if the rows are in time order";
        }
        boolean fits = switch (schema.type()) {
            case INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY -> true;
            case FIXED_LEN_BYTE_ARRAY -> schema.logicalType() instanceof LogicalType.DecimalType;
            case BOOLEAN -> false;
        };
        return fits ? null : "has the type " + name(schema) + "; times must be timestamps, dates, numbers or strings";
    }

    /** The reason why the values of this column have no text, or null. */
    static @Nullable String textProblem(ColumnSchema schema) {
        boolean fits = switch (schema.type()) {
            case INT32, INT64, FLOAT, DOUBLE, BYTE_ARRAY -> true;
            case FIXED_LEN_BYTE_ARRAY -> schema.logicalType() instanceof LogicalType.DecimalType;
            case INT96, BOOLEAN -> false;
        };
        return fits ? null : "has the type " + name(schema) + "; its values must be strings or numbers";
    }

    /** The name of the column's logical type, or of its physical type if it has no logical one. */
    static String name(ColumnSchema schema) {
        LogicalType logical = schema.logicalType();
        return logical == null
                ? schema.type().toString()
                : logical.getClass().getSimpleName().replaceFirst("Type$", "").toUpperCase(Locale.ROOT);
    }

    boolean isNull(int at) {
        return validity.isNull(at);
    }

    boolean isList() {
        return records != null;
    }

    /** The first value of record {@code row}. */
    int from(int row) {
        return records == null ? row : records[row];
    }

    /** One past the last value of record {@code row}. */
    int to(int row) {
        return records == null ? row + 1 : records[row + 1];
    }

    /** Reads the id at {@code at} into {@code id}; returns why it is not an id, or null. */
    @Nullable String id(int at, IdBuffer id) {
        if (validity.isNull(at)) {
            return "the id is null";
        }
        if (schema.logicalType() instanceof LogicalType.DecimalType decimal) {
            BigDecimal number = decimal(at, decimal.scale()).stripTrailingZeros();
            return number.scale() > 0
                    ? number.toPlainString() + " is not a whole number, as an id must be"
                    : id.set(number.toPlainString());
        }
        boolean unsigned = schema.logicalType() instanceof LogicalType.IntType type && !type.isSigned();
        return switch (schema.type()) {
            case INT32 -> {
                id.set(unsigned ? Integer.toUnsignedLong(ints[at]) : ints[at]);
                yield null;
            }
            case INT64 -> unsigned && longs[at] < 0 ? id.set(Long.toUnsignedString(longs[at])) : number(id, longs[at]);
            case BYTE_ARRAY -> {
                String problem = id.set(bytes, offsets[at], offsets[at + 1] - offsets[at]);
                // Parquet has no character set that the message could suggest.
                yield problem == null ? null : problem.replaceFirst("; name the file's.*", "; ids must be text");
            }
            case FLOAT ->
                Math.abs(floats[at]) > MAX_EXACT_FLOAT
                        ? floats[at]
                                + " is a float of 32 bits, which may stand for several numbers; write the ids as 64-bit"
                                + " integers or as strings"
                        : id.set((double) floats[at]);
            case DOUBLE -> id.set(doubles[at]);
            case FIXED_LEN_BYTE_ARRAY -> id.set(uuid(binaries[at]));
            case INT96, BOOLEAN -> throw new IllegalStateException("checked before: " + schema.type());
        };
    }

    private static @Nullable String number(IdBuffer id, long number) {
        id.set(number);
        return null;
    }

    private static String uuid(byte[] value) {
        if (value.length != UUID_BYTES) {
            throw new IllegalStateException("a UUID of " + value.length + " bytes");
        }
        ByteBuffer halves = ByteBuffer.wrap(value);
        return new UUID(halves.getLong(), halves.getLong()).toString();
    }

    private BigDecimal decimal(int at, int scale) {
        return switch (schema.type()) {
            case INT32 -> BigDecimal.valueOf(ints[at], scale);
            case INT64 -> BigDecimal.valueOf(longs[at], scale);
            case BYTE_ARRAY ->
                new BigDecimal(new BigInteger(Arrays.copyOfRange(bytes, offsets[at], offsets[at + 1])), scale);
            case FIXED_LEN_BYTE_ARRAY -> new BigDecimal(new BigInteger(binaries[at]), scale);
            case INT96, FLOAT, DOUBLE, BOOLEAN -> throw new IllegalStateException("no decimal: " + schema.type());
        };
    }

    /** Passes the time at {@code at} to {@code times}; returns why it is not a time, or null. */
    @Nullable String time(int at, TimeParser times) {
        if (validity.isNull(at)) {
            return "the time is null";
        }
        if (schema.logicalType() instanceof LogicalType.DecimalType decimal) {
            return times.accept(decimal(at, decimal.scale()));
        }
        return switch (schema.type()) {
            case INT32 ->
                schema.logicalType() instanceof LogicalType.DateType
                        ? times.acceptMicros(ints[at] * MICROS_PER_DAY)
                        : times.accept((long) ints[at]);
            case INT64 ->
                schema.logicalType() instanceof LogicalType.TimestampType timestamp
                        ? times.acceptMicros(micros(at, timestamp), nanos(at, timestamp))
                        : times.accept(longs[at]);
            case INT96 -> {
                ByteBuffer parts = ByteBuffer.wrap(binaries[at]).order(ByteOrder.LITTLE_ENDIAN);
                long nanosOfDay = parts.getLong();
                long day = parts.getInt() - JULIAN_EPOCH_DAY;
                yield times.acceptMicros(day * MICROS_PER_DAY + nanosOfDay / 1000, (int) (nanosOfDay % 1000));
            }
            case FLOAT -> times.accept(floats[at]);
            case DOUBLE -> times.accept(doubles[at]);
            case BYTE_ARRAY -> {
                char[] text = string(at).toCharArray();
                yield times.parse(text, 0, text.length);
            }
            case BOOLEAN, FIXED_LEN_BYTE_ARRAY -> throw new IllegalStateException("checked before: " + schema.type());
        };
    }

    private String string(int at) {
        return new String(bytes, offsets[at], offsets[at + 1] - offsets[at], StandardCharsets.UTF_8);
    }

    /** The value at {@code at} as text, to be joined with that of other columns; empty if it is null. */
    String text(int at) {
        if (validity.isNull(at)) {
            return "";
        }
        if (schema.logicalType() instanceof LogicalType.DecimalType decimal) {
            return decimal(at, decimal.scale()).stripTrailingZeros().toPlainString();
        }
        if (schema.logicalType() instanceof LogicalType.DateType) {
            return LocalDate.ofEpochDay(ints[at]).toString();
        }
        if (schema.logicalType() instanceof LogicalType.TimeType time) {
            long value = schema.type() == PhysicalType.INT32 ? ints[at] : longs[at];
            long nanos = switch (time.unit()) {
                case MILLIS -> value * 1_000_000;
                case MICROS -> value * 1000;
                case NANOS -> value;
            };
            String text = LocalTime.ofNanoOfDay(nanos).toString();
            return text.length() == "HH:mm".length() ? text + ":00" : text;
        }
        return switch (schema.type()) {
            case INT32 -> Integer.toString(ints[at]);
            case INT64 ->
                schema.logicalType() instanceof LogicalType.TimestampType timestamp
                        ? Instant.EPOCH
                                .plus(micros(at, timestamp), ChronoUnit.MICROS)
                                .plusNanos(nanos(at, timestamp))
                                .toString()
                        : Long.toString(longs[at]);
            case FLOAT ->
                new BigDecimal(Float.toString(floats[at])).stripTrailingZeros().toPlainString();
            case DOUBLE -> BigDecimal.valueOf(doubles[at]).stripTrailingZeros().toPlainString();
            case BYTE_ARRAY -> string(at);
            case INT96, BOOLEAN, FIXED_LEN_BYTE_ARRAY -> throw new IllegalStateException("no text: " + schema.type());
        };
    }

    private int nanos(int at, LogicalType.TimestampType timestamp) {
        return switch (timestamp.unit()) {
            case MILLIS, MICROS -> 0;
            case NANOS -> (int) Math.floorMod(longs[at], 1000L);
        };
    }

    private long micros(int at, LogicalType.TimestampType timestamp) {
        return switch (timestamp.unit()) {
            case MILLIS -> longs[at] * 1000;
            case MICROS -> longs[at];
            case NANOS -> Math.floorDiv(longs[at], 1000L);
        };
    }
}
