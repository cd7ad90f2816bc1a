package io.github.ttt4rec.serve.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Copies the write-ahead log to the file in the background, so that commits do not wait. SQLite restarts the log at its
 * beginning only at a moment when all of it has been copied; under load, commits always add more during the copying. So
 * when the log has become long, the small remainder is copied while commits wait: about as long as two commits, once in
 * many hundreds.
 */
final class Checkpoints implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Checkpoints.class.getName());
    private static final long EVERY_MILLIS = 500;
    /** An event changes two or three pages of 4 KiB. */
    private static final long MANY_EVENTS = 400;
    /** With little load the log is copied twice a minute, so that a single event does not cost three fsyncs. */
    private static final int IDLE_ROUNDS = 60;

    private static final long LONG_LOG_PAGES = 4_000;
    /** The maximum time that commits wait for readers when the log is emptied. */
    private static final int EMPTYING_MILLIS = 20;

    private final Connection connection;
    private final GroupCommit commits;
    private final StoreCounters counters;
    private final PageGaps gaps;
    private final StoreLock lock;
    /** The number of events that all processes accepted before the store was opened. */
    private final long acceptedBefore;

    private final ScheduledExecutorService thread;

    // Used by the thread only, except for erased.
    /** The number of accepted events when the log was last copied. */
    private long copied;
    /** The number of accepted events that the lock file has. */
    private long marked = -1;
    /**
     * The number of removals when the log was last emptied; removals that a previous process left in the log count too.
     */
    private volatile long erased;
    /** The number of rounds since the log was last copied. */
    private int rounds;

    private boolean failing;

    /**
     * The count of accepted events, which survives restarts.
     *
     * @param lock records the number of accepted events for the next start
     * @param before the number of events that all processes accepted before the store was opened
     */
    record AcceptedCount(StoreLock lock, long before) {}

    /**
     * Starts the thread on a connection of its own, which it closes. Because this connection stays open, SQLite does
     * not read the log again when the writer reconnects after a failure.
     */
    Checkpoints(
            Connection connection, GroupCommit commits, StoreCounters counters, PageGaps gaps, AcceptedCount accepted) {
        this.connection = connection;
        this.gaps = gaps;
        this.lock = accepted.lock;
        this.acceptedBefore = accepted.before;
        this.erased = accepted.lock.before().clean() ? 0 : -1;
        this.commits = commits;
        this.counters = counters;
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ttt4rec-checkpoint").daemon().factory());
        var _ = thread.scheduleWithFixedDelay(this::round, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            mark();
            erase();
            copyIfDue();
            failing = false;
        } catch (RuntimeException | Error failure) {
            // No event is lost: the log grows, which does not affect readers, and the next round tries again.
            if (!failing) {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        failure.getMessage()
                                + "; the store tries again every half second, and its log grows until then");
            }
            failing = true;
        }
    }

    private void mark() {
        long accepted = counters.accepted();
        if (accepted != marked) {
            lock.mark(acceptedBefore + accepted, false);
            marked = accepted;
        }
    }

    /**
     * Erases removed data from the disk: empties the log, which contains older pages, and overwrites the unused parts
     * of the file's pages.
     */
    private void erase() {
        long removed = counters.removed();
        if (removed == erased) {
            return;
        }
        copy();
        commits.withoutWriter(() -> {
            if (empty()) {
                overwriteGaps();
                erased = removed;
            }
        });
    }

    private void overwriteGaps() {
        try {
            gaps.overwrite();
        } catch (IOException failure) {
            throw new StoreException(
                    "the unused parts of the event store cannot be overwritten: " + failure.getMessage(), failure);
        }
    }

    /** Returns whether removed data may still be in the log. */
    boolean erasing() {
        return erased != counters.removed();
    }

    private void copyIfDue() {
        long events = counters.accepted();
        rounds++;
        if (events - copied < MANY_EVENTS && (events == copied || rounds < IDLE_ROUNDS)) {
            return;
        }
        rounds = 0;
        if (copy() > LONG_LOG_PAGES) {
            commits.betweenCommits(this::copy);
        }
        copied = events;
    }

    /** Copies all of the log and truncates it; returns false if a reader or a backup still needs it. */
    private boolean empty() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + EMPTYING_MILLIS);
            try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
                result.next();
                return result.getLong(1) == 0;
            }
        } catch (SQLException failure) {
            throw new StoreException("the event store's log cannot be emptied: " + failure.getMessage(), failure);
        }
    }

    /** Copies as much as possible without making anyone wait; returns the number of pages in the log. */
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

    /** Stops the thread, empties the log and closes the connection. */
    @Override
    public void close() {
        thread.close();
        try {
            erase();
            lock.mark(acceptedBefore + counters.accepted(), !erasing());
        } finally {
            Database.close(connection);
            closeGaps();
        }
    }

    private void closeGaps() {
        try {
            gaps.close();
        } catch (IOException failure) {
            throw new StoreException("the event store cannot be closed: " + failure.getMessage(), failure);
        }
    }
}
