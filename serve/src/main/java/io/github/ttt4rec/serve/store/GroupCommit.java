package io.github.ttt4rec.serve.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The only thread that writes. While it waits for the disk, work collects in a queue, and its next transaction contains
 * all of that work. So one fsync serves many callers under load, and a single caller waits for only one. The queue is
 * bounded, so that callers wait if the disk is too slow.
 *
 * <p>Work is done in the order of submission. A caller gets its result when the transaction is committed, never before.
 * If a transaction fails, it is rolled back and each piece of work is retried in a transaction of its own, so that no
 * caller fails because of another; therefore work must change only the database.
 */
final class GroupCommit implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(GroupCommit.class.getName());
    private static final int QUEUE = 1024;

    /** A change to the database. */
    @FunctionalInterface
    interface Work<T> {
        /** Makes the change, within a transaction that may contain other changes. */
        T apply(EventWriter writer) throws SQLException;
    }

    /**
     * Creates the writer, and a new one after each failure, which may have left the previous one's statements unusable.
     */
    @FunctionalInterface
    interface WriterFactory {
        /** Creates a writer on a connection of its own. */
        EventWriter make() throws SQLException;
    }

    private static final class Task<T> {
        private final Work<T> work;
        private final CompletableFuture<T> committed = new CompletableFuture<>();
        private @Nullable T result;

        Task(Work<T> work) {
            this.work = work;
        }

        void apply(EventWriter writer) throws SQLException {
            result = work.apply(writer);
        }

        void acknowledge() {
            committed.complete(result);
        }

        void fail(Throwable failure) {
            committed.completeExceptionally(failure);
        }
    }

    private final Database database;
    private final WriterFactory writers;
    private final StoreCounters counters;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Task<Boolean> stop = new Task<>(writer -> true);
    /** Held during a transaction. Fair, because {@link #betweenCommits} would otherwise wait for ever under load. */
    private final ReentrantLock committing = new ReentrantLock(true);

    private final ExecutorService thread;
    private volatile boolean closing;
    private volatile boolean closed;
    /** Guarded by {@link #committing}; null after a failure until the next work. */
    private @Nullable EventWriter writer;
    /** Never reset: a file that appears later at the store's path is not the one that was lost. */
    private @Nullable StoreLostException lost;

    /** Starts the thread. */
    GroupCommit(Database database, WriterFactory writers, StoreCounters counters) {
        this.database = database;
        this.writers = writers;
        this.counters = counters;
        thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("ttt4rec-store").daemon().factory());
        thread.execute(this::loop);
    }

    /**
     * Runs work and returns when it is committed.
     *
     * @throws StoreException if it could not be committed; the database is then unchanged, as far as the disk can be
     *     trusted
     */
    <T> T run(Work<T> work) {
        Task<T> task = new Task<>(work);
        enqueue(task);
        try {
            return task.committed.join();
        } catch (CompletionException failure) {
            throw failed(Objects.requireNonNull(failure.getCause()));
        }
    }

    /** Runs an action while no transaction is open. Transactions wait meanwhile. */
    void betweenCommits(Runnable action) {
        committing.lock();
        try {
            action.run();
        } finally {
            committing.unlock();
        }
    }

    /** Runs an action while no transaction is open and the writer has no cached pages. */
    void withoutWriter(Runnable action) {
        betweenCommits(() -> {
            dropWriter();
            action.run();
        });
    }

    /** Completes all submitted work and stops the thread. */
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            put(stop);
        }
        thread.close();
    }

    private void enqueue(Task<?> task) {
        if (closing) {
            throw closedException();
        }
        put(task);
        if (closed) {
            // The thread may have ended without processing this task; if it has processed the task, this call has no
            // effect.
            task.fail(closedException());
        }
    }

    private void put(Task<?> task) {
        try {
            queue.put(task);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new StoreException(database.file() + ": interrupted while waiting to write; nothing was done");
        }
    }

    private void loop() {
        try {
            List<Task<?>> group = new ArrayList<>();
            boolean stopping = false;
            while (!stopping) {
                group.clear();
                try {
                    group.add(queue.take());
                } catch (InterruptedException interruption) {
                    // The caller of close() was interrupted and does not wait; submitted work is still completed.
                    continue;
                }
                queue.drainTo(group);
                stopping = group.remove(stop);
                betweenCommits(() -> commit(group));
            }
        } finally {
            closed = true;
            queue.forEach(task -> task.fail(closedException()));
            betweenCommits(this::dropWriter);
        }
    }

    private void commit(List<Task<?>> group) {
        try {
            if (!group.isEmpty()) {
                transact(group);
                group.forEach(Task::acknowledge);
            }
        } catch (SQLException | RuntimeException | Error failure) {
            dropWriter();
            if (failure instanceof StoreLostException loss) {
                lost = loss;
            }
            if (group.size() == 1) {
                group.getFirst().fail(failure);
            } else {
                group.forEach(task -> commit(List.of(task)));
            }
        }
    }

    private void transact(List<Task<?>> group) throws SQLException {
        if (lost != null) {
            throw lost;
        }
        EventWriter current = writer;
        if (current == null) {
            database.requireSameFile();
            current = writers.make();
            writer = current;
        }
        current.begin();
        for (Task<?> task : group) {
            task.apply(current);
        }
        long before = System.nanoTime();
        current.commit();
        database.requireSame();
        counters.committed(System.nanoTime() - before);
    }

    /** Closing without a commit rolls back. */
    private void dropWriter() {
        EventWriter dropped = writer;
        writer = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (StoreException failure) {
                // Committed work is safe and other work is rolled back; the thread must survive for later callers.
                LOGGER.log(System.Logger.Level.WARNING, database.file() + ": " + failure.getMessage());
            }
        }
    }

    private StoreException failed(Throwable cause) {
        return switch (cause) {
            case SQLException failure -> Failures.failed(database.file(), failure);
            case StoreException failure -> new StoreException(String.valueOf(failure.getMessage()), failure);
            case Throwable failure -> new StoreException(database.file() + ": writing failed: " + failure, failure);
        };
    }

    private StoreException closedException() {
        return new StoreException(database.file() + ": the event store is closed");
    }
}
