package io.github.ttt4rec.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table as Apache Parquet, format version 1: plain encoding, one page of each column in a row group, compressed
 * by gzip. The library that reads Parquet in this project has no writer, and parquet-java needs Hadoop's classes.
 */
final class ParquetWriter implements AutoCloseable {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int DEFAULT_GROUP = 100_000;
    private static final int GZIP = 2;
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int DATA_PAGE = 0;
    private static final int REQUIRED = 0;
    private static final int OPTIONAL = 1;

    private final OutputStream out;
    private final List<Pending> columns;
    private final int rowsOfGroup;
    private final List<Group> groups = new ArrayList<>();
    private long offset;
    private int rows;

    /** The type of a column's values. */
    enum Kind {
        /** Text in UTF-8, given as a String. */
        TEXT(6, 0),
        /** Microseconds since 1970, UTC, given as a Long. */
        TIME(2, 10),
        /** A 64-bit number, given as a Double. */
        NUMBER(5, -1);

        /** The numbers of the physical type and of the converted type; −1 for none. */
        private final int physical;

        private final int converted;

        Kind(int physical, int converted) {
            this.physical = physical;
            this.converted = converted;
        }
    }

    /**
     * A column.
     *
     * @param name its name
     * @param kind the type of its values
     * @param optional whether a row may have no value in it
     */
    record Column(String name, Kind kind, boolean optional) {}

    /** The values of a column in the current row group. */
    private static final class Pending {
        private final Column column;
        private final BitSet present = new BitSet();
        private final ByteArrayOutputStream values = new ByteArrayOutputStream();

        Pending(Column column) {
            this.column = column;
        }

        void add(int row, @Nullable Object value) {
            if (value == null) {
                if (!column.optional) {
                    throw new IllegalArgumentException("no value in column " + column.name);
                }
                return;
            }
            present.set(row);
            switch (column.kind) {
                case TEXT -> {
                    byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                    values.writeBytes(
                            littleEndian(Integer.BYTES).putInt(text.length).array());
                    values.writeBytes(text);
                }
                case TIME ->
                    values.writeBytes(
                            littleEndian(Long.BYTES).putLong((Long) value).array());
                case NUMBER ->
                    values.writeBytes(
                            littleEndian(Double.BYTES).putDouble((Double) value).array());
            }
        }

        /** The page: whether each row has a value, if that is not certain, and the values. */
        byte[] page(int rows) {
            ByteArrayOutputStream page = new ByteArrayOutputStream();
            if (column.optional) {
                byte[] bits = new byte[(rows + 7) / 8];
                byte[] set = present.toByteArray();
                System.arraycopy(set, 0, bits, 0, set.length);
                ThriftStruct run = new ThriftStruct();
                run.varint(((long) bits.length << 1) | 1);
                byte[] header = run.bytes();
                page.writeBytes(littleEndian(Integer.BYTES)
                        .putInt(header.length + bits.length)
                        .array());
                page.writeBytes(header);
                page.writeBytes(bits);
            }
            page.writeBytes(values.toByteArray());
            return page.toByteArray();
        }

        void clear() {
            present.clear();
            values.reset();
        }
    }

    private record Chunk(long offset, long plainSize, long size) {}

    private record Group(int rows, List<Chunk> chunks) {}

    /** Starts a file on {@code out}, which stays open. */
    ParquetWriter(OutputStream out, List<Column> columns) throws IOException {
        this(out, columns, DEFAULT_GROUP);
    }

    /** The same with another number of rows in a row group. */
    ParquetWriter(OutputStream out, List<Column> columns, int rowsOfGroup) throws IOException {
        this.out = out;
        this.columns = columns.stream().map(Pending::new).toList();
        this.rowsOfGroup = rowsOfGroup;
        write(MAGIC);
    }

    /**
     * Adds a row.
     *
     * @param values one for each column, of its kind; null for none
     */
    void add(@Nullable Object... values) throws IOException {
        for (int i = 0; i < values.length; i++) {
            columns.get(i).add(rows, values[i]);
        }
        if (++rows == rowsOfGroup) {
            endGroup();
        }
    }

    private void endGroup() throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        for (Pending column : columns) {
            byte[] page = column.page(rows);
            byte[] packed = gzip(page);
            byte[] header = new ThriftStruct()
                    .number(1, DATA_PAGE)
                    .number(2, page.length)
                    .number(3, packed.length)
                    .struct(
                            5,
                            new ThriftStruct()
                                    .number(1, rows)
                                    .number(2, PLAIN)
                                    .number(3, RLE)
                                    .number(4, RLE))
                    .end();
            chunks.add(new Chunk(offset, (long) header.length + page.length, (long) header.length + packed.length));
            write(header);
            write(packed);
            column.clear();
        }
        groups.add(new Group(rows, chunks));
        rows = 0;
    }

    /** Ends the file. */
    @Override
    public void close() throws IOException {
        if (rows > 0) {
            endGroup();
        }
        byte[] footer = footer();
        write(footer);
        write(littleEndian(Integer.BYTES).putInt(footer.length).array());
        write(MAGIC);
    }

    private byte[] footer() {
        List<ThriftStruct> schema = new ArrayList<>();
        schema.add(new ThriftStruct().text(4, "events").number(5, columns.size()));
        columns.forEach(column -> schema.add(schema(column.column)));
        return new ThriftStruct()
                .number(1, 1)
                .structs(2, schema)
                .longNumber(3, groups.stream().mapToLong(Group::rows).sum())
                .structs(4, groups.stream().map(this::group).toList())
                .text(6, "ttt4rec")
                .end();
    }

    private static ThriftStruct schema(Column column) {
        ThriftStruct element = new ThriftStruct()
                .number(1, column.kind.physical)
                .number(3, column.optional ? OPTIONAL : REQUIRED)
                .text(4, column.name);
        if (column.kind.converted >= 0) {
            element.number(6, column.kind.converted);
        }
        ThriftStruct none = new ThriftStruct();
        return switch (column.kind) {
            case TEXT -> element.struct(10, new ThriftStruct().struct(1, none));
            case TIME ->
                element.struct(
                        10,
                        new ThriftStruct()
                                .struct(8, new ThriftStruct().yes(1).struct(2, new ThriftStruct().struct(2, none))));
            case NUMBER -> element;
        };
    }

    private ThriftStruct group(Group group) {
        List<ThriftStruct> chunks = new ArrayList<>();
        long size = 0;
        for (int i = 0; i < columns.size(); i++) {
            Chunk chunk = group.chunks.get(i);
            Column column = columns.get(i).column;
            chunks.add(new ThriftStruct()
                    .longNumber(2, chunk.offset)
                    .struct(
                            3,
                            new ThriftStruct()
                                    .number(1, column.kind.physical)
                                    .numbers(2, List.of(PLAIN, RLE))
                                    .texts(3, List.of(column.name))
                                    .number(4, GZIP)
                                    .longNumber(5, group.rows)
                                    .longNumber(6, chunk.plainSize)
                                    .longNumber(7, chunk.size)
                                    .longNumber(9, chunk.offset)));
            size += chunk.plainSize;
        }
        return new ThriftStruct().structs(1, chunks).longNumber(2, size).longNumber(3, group.rows);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        offset += bytes.length;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
