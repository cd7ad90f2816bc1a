package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.read.EventLog;
import io.github.ttt4rec.flink.state.BadRow;
import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of a file of events by the readers that training uses. Those push rows, while a Flink source pulls
 * them; therefore they run in a thread of their own, a few batches ahead.
 */
final class EventFileReader implements RowReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventFileReader.class);
    private static final int BATCH = 256;
    private static final int BATCHES_AHEAD = 4;

    private final BlockingQueue<List<Row>> batches = new ArrayBlockingQueue<>(BATCHES_AHEAD);
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private List<Row> batch = List.of();
    private int at;
    private boolean ended;

    /** Ends the reader's thread when its rows are no longer needed. */
    private static final class ClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClosedException(Throwable cause) {
            super(cause);
        }
    }

    EventFileReader(Path file, ReadOptions options) {
        thread = Thread.ofPlatform().daemon().name("reads " + file).start(() -> readAll(file, options));
    }

    private void readAll(Path file, ReadOptions options) {
        String rules = options.types();
        Batches taker = new Batches(rules == null ? null : EventRoles.parse(rules));
        try {
            EventLog.read(file, options, taker);
            taker.put();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        try {
            batches.put(List.of());
        } catch (InterruptedException e) {
            // The reader was closed: nothing waits for its end.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (ended) {
            return null;
        }
        if (at == batch.size()) {
            try {
                batch = batches.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            at = 0;
        }
        if (batch.isEmpty()) {
            ended = true;
            Throwable failed = failure;
            if (failed instanceof UserFacingException) {
                // Retrying would fail at the same file again.
                throw new SuppressRestartsException(failed);
            }
            if (failed != null) {
                throw new IllegalStateException("the reader of a file failed", failed);
            }
            return null;
        }
        return batch.get(at++);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Gathers rows into batches. */
    private final class Batches implements EventLog.Taker {
        private final @Nullable EventRoles roles;
        private List<Row> rows = new ArrayList<>(BATCH);
        private String type = "";
        private double value = Double.NaN;

        /** Creates a taker of the events that predictions read by {@code roles}; of all events if it is null. */
        Batches(@Nullable EventRoles roles) {
            this.roles = roles;
        }

        @Override
        public void type(String name, String number) {
            if (roles != null) {
                type = name;
                value = roles.compares() && !number.isEmpty() ? Double.parseDouble(number) : Double.NaN;
            }
        }

        @Override
        public void begin(ReadReport report) {
            LOGGER.info("{}", report.summary());
            report.notices().forEach(LOGGER::warn);
        }

        @Override
        public void event(String user, String item, long micros, @Nullable String eventId) {
            EventRoles.Rule rule = roles == null ? null : roles.of(type, value);
            if (rule == null || rule.role().isRead()) {
                add(new UserEvent(user, item, micros, eventId, type, value));
            }
        }

        @Override
        public void badRow(String message) {
            add(new BadRow(message));
        }

        private void add(Row row) {
            rows.add(row);
            if (rows.size() == BATCH) {
                put();
            }
        }

        void put() {
            if (rows.isEmpty()) {
                return;
            }
            try {
                batches.put(rows);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClosedException(e);
            }
            rows = new ArrayList<>(BATCH);
        }
    }
}
