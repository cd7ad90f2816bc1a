package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.VersionedType;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.ArrayResultIterator;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Files of events (CSV and the like, or JSON Lines) or of requests (JSON Lines), gzipped or not. One file is read by one
 * reader from its start to its end: so the order of its rows is kept.
 */
public final class RowFormat implements BulkFormat<Row, FileSourceSplit> {
    private static final long serialVersionUID = 1L;
    private static final int ROWS_AT_ONCE = 256;

    private final @Nullable EventColumns columns;
    private final int defaultK;

    private RowFormat(@Nullable EventColumns columns, int defaultK) {
        this.columns = columns;
        this.defaultK = defaultK;
    }

    public static RowFormat events(EventColumns columns) {
        return new RowFormat(columns, 0);
    }

    /** Requests, for lists of {@code defaultK} items where they do not say. */
    public static RowFormat requests(int defaultK) {
        return new RowFormat(null, defaultK);
    }

    @Override
    public Reader<Row> createReader(Configuration configuration, FileSourceSplit split) throws IOException {
        InputStream file = split.path().getFileSystem().open(split.path());
        try {
            return new RowBatches(open(Path.of(split.path().getPath()), file), 0);
        } catch (IOException | RuntimeException e) {
            IOUtils.closeQuietly(file);
            throw e;
        }
    }

    @Override
    public Reader<Row> restoreReader(Configuration configuration, FileSourceSplit split) throws IOException {
        RowBatches batches = (RowBatches) createReader(configuration, split);
        batches.skip(split.getReaderPosition()
                .map(CheckpointedPosition::getRecordsAfterOffset)
                .orElse(0L));
        return batches;
    }

    /** The rows of a file on this machine. */
    RowReader open(Path path) throws IOException {
        return open(path, Files.newInputStream(path));
    }

    private RowReader open(Path path, InputStream file) throws IOException {
        BufferedReader text =
                new BufferedReader(new InputStreamReader(decompressed(file), StandardCharsets.UTF_8), 1 << 16);
        if (columns == null) {
            return new JsonLinesReader(path.toString(), text, line -> JsonRows.request(line, defaultK));
        }
        if (isJson(path, text)) {
            JsonRows rows = new JsonRows(path, columns);
            return new JsonLinesReader(path.toString(), text, rows::event);
        }
        return new CsvEventReader(path, text, columns);
    }

    private static InputStream decompressed(InputStream file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file, 1 << 16);
        in.mark(2);
        byte[] start = in.readNBytes(2);
        in.reset();
        boolean gzip = start.length == 2 && start[0] == 0x1F && start[1] == (byte) 0x8B;
        return gzip ? new GZIPInputStream(in, 1 << 16) : in;
    }

    /** By its name, or its first character. */
    private static boolean isJson(Path path, BufferedReader text) throws IOException {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.matches(".*[.](ndjson|jsonl|json)([.]gz)?")) {
            return true;
        }
        text.mark(2);
        int first = text.read();
        text.reset();
        return first == '{';
    }

    @Override
    public boolean isSplittable() {
        return false;
    }

    @Override
    public TypeInformation<Row> getProducedType() {
        return VersionedType.ROW;
    }

    private static final class RowBatches implements Reader<Row> {
        private final RowReader rows;
        private long read;

        RowBatches(RowReader rows, long read) {
            this.rows = rows;
            this.read = read;
        }

        void skip(long count) throws IOException {
            while (read < count && rows.next() != null) {
                read++;
            }
        }

        @Override
        public @Nullable RecordIterator<Row> readBatch() throws IOException {
            List<Row> batch = new ArrayList<>(ROWS_AT_ONCE);
            while (batch.size() < ROWS_AT_ONCE) {
                Row row = rows.next();
                if (row == null) {
                    break;
                }
                batch.add(row);
            }
            if (batch.isEmpty()) {
                return null;
            }
            ArrayResultIterator<Row> records = new ArrayResultIterator<>();
            records.set(batch.toArray(Row[]::new), batch.size(), CheckpointedPosition.NO_OFFSET, read);
            read += batch.size();
            return records;
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
