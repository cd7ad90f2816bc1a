package io.github.ttt4rec.serve.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Copies what is in the write-ahead log to the file, in the background: commits do not wait for it. The log begins again, in
 * the same bytes of the disk, only after a moment when all of it has been copied; under load more is always added while the
 * rest is being copied. So when the log has grown long, the little that is left is copied while commits wait: as long as two
 * commits, once in many hundred.
 */
final class Checkpoints implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Checkpoints.class.getName());
    private static final long EVERY_MILLIS = 500;
    /** An event changes two or three pages of 4 KiB. */
    private static final long MANY_EVENTS = 400;
    /** Without pressure the log is copied twice a minute, so that a lone event does not cost three fsyncs. */
    private static final int IDLE_ROUNDS = 60;

    private static final long LONG_LOG_PAGES = 4_000;

    private final Connection connection;
    private final GroupCommit commits;
    private final StoreCounters counters;
    private final ScheduledExecutorService thread;
    /** The thread's own: how many events had been accepted when the log was last copied, and the rounds since. */
    private long copied;

    private int rounds;
    private boolean failing;

    /**
     * Starts the thread, on a connection of its own, which it closes. That this one is always open keeps the log from being
     * read again when the writer opens another connection after a failure.
     */
    Checkpoints(Connection connection, GroupCommit commits, StoreCounters counters) {
        this.connection = connection;
        this.commits = commits;
        this.counters = counters;
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ttt4rec-checkpoint").daemon().factory());
        var _ = thread.scheduleWithFixedDelay(this::round, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void round() {
        long events = counters.accepted();
        rounds++;
        if (events - copied < MANY_EVENTS && (events == copied || rounds < IDLE_ROUNDS)) {
            return;
        }
        rounds = 0;
        try {
            if (copy() > LONG_LOG_PAGES) {
                commits.betweenCommits(this::copy);
            }
            copied = events;
            failing = false;
        } catch (RuntimeException failure) {
            // Nothing is lost: the log goes on growing, which readers do not mind. The next round tries again.
            if (!failing) {
                LOGGER.log(System.Logger.Level.WARNING, failure.getMessage() + "; it grows meanwhile");
            }
            failing = true;
        }
    }

    /** Copies as much as can be without making anybody wait; returns how many pages the log has. */
    private long copy() {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            result.next();
            return result.getLong(2);
        } catch (SQLException failure) {
            throw new StoreException(
                    "the event store's log cannot be copied to its file: " + failure.getMessage(), failure);
        }
    }

    /** Ends the thread and closes the connection. */
    @Override
    public void close() {
        thread.close();
        Database.close(connection);
    }
}
