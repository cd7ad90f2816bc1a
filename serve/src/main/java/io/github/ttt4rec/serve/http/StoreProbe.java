package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.serve.store.StoreException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Writes to the store and waits for it, on a thread of its own, because a disk may never answer. */
final class StoreProbe implements AutoCloseable {
    private final Runnable write;
    private final ExecutorService thread;
    private @Nullable Future<?> pending;
    private long since;

    /**
     * How the store is.
     *
     * @param trouble one line; null if it is well
     * @param silent how long the store has not answered; zero if it did
     * @param reason the operator's line; null if there is none
     * @param lost whether the store is lost to this process for good
     */
    record Finding(
            @Nullable String trouble,
            Duration silent,
            @Nullable String reason,
            boolean lost) {
        static final Finding WELL = new Finding(null, Duration.ZERO, null, false);
    }

    /** {@code write} writes to the store or throws {@link StoreException}. */
    StoreProbe(Runnable write) {
        this.write = write;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("ttt4rec-store-probe").factory());
    }

    /** Writes, or goes on waiting for the write that has not ended. */
    Finding look(Duration patience) throws InterruptedException {
        Future<?> current = pending;
        if (current == null) {
            since = System.nanoTime();
            current = thread.submit(write);
            pending = current;
        }
        try {
            current.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            pending = null;
            return Finding.WELL;
        } catch (TimeoutException e) {
            Duration silent = Duration.ofNanos(System.nanoTime() - since);
            return new Finding(
                    "the event store has not answered for " + silent.toSeconds() + " s", silent, "no answer", false);
        } catch (ExecutionException e) {
            pending = null;
            return new Finding(
                    "the event store cannot write",
                    Duration.ZERO,
                    String.valueOf(e.getCause()),
                    e.getCause() instanceof StoreException failure && failure.isLost());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
