package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.data.ReadOptions;
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
 * The format of event files, in any format that training reads, or of request files (JSON Lines, optionally gzipped).
 * One reader reads a file from start to end, which keeps the order of its rows; a checkpoint stores the number of rows
 * read.
 */
public final class RowFormat implements BulkFormat<Row, FileSourceSplit> {
    private static final long serialVersionUID = 1L;
    private static final int ROWS_AT_ONCE = 256;

    private final @Nullable ReadOptions events;
    private final int defaultK;

    private RowFormat(@Nullable ReadOptions events, int defaultK) {
        this.events = events;
        this.defaultK = defaultK;
    }

    /** The format of events, read according to {@code options}. */
    public static RowFormat events(ReadOptions options) {
        return new RowFormat(options, 0);
    }

    /** The format of requests, which ask for {@code defaultK} items if they give no number. */
    public static RowFormat requests(int defaultK) {
        return new RowFormat(null, defaultK);
    }

    @Override
    public Reader<Row> createReader(Configuration configuration, FileSourceSplit split) throws IOException {
        return new RowBatches(open(Path.of(split.path().getPath())), 0);
    }

    @Override
    public Reader<Row> restoreReader(Configuration configuration, FileSourceSplit split) throws IOException {
        RowBatches batches = (RowBatches) createReader(configuration, split);
        batches.skip(split.getReaderPosition()
                .map(CheckpointedPosition::getRecordsAfterOffset)
                .orElse(0L));
        return batches;
    }

    /** The rows of a file. */
    RowReader open(Path path) throws IOException {
        if (events != null) {
            return new EventFileReader(path, events);
        }
        InputStream file = Files.newInputStream(path);
        try {
            BufferedReader text =
                    new BufferedReader(new InputStreamReader(decompressed(file), StandardCharsets.UTF_8), 1 << 16);
            return new JsonLinesReader(path.toString(), text, line -> JsonRows.request(line, defaultK));
        } catch (IOException e) {
            IOUtils.closeQuietly(file);
            throw e;
        }
    }

    private static InputStream decompressed(InputStream file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file, 1 << 16);
        in.mark(2);
        byte[] start = in.readNBytes(2);
        in.reset();
        boolean gzip = start.length == 2 && start[0] == 0x1F && start[1] == (byte) 0x8B;
        return gzip ? new GZIPInputStream(in, 1 << 16) : in;
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
