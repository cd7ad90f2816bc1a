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

/** Tests writing to the store on a thread of its own, because a disk may never respond. */
final class StoreProbe implements AutoCloseable {
    private final Runnable write;
    private final ExecutorService thread;
    private @Nullable Future<?> pending;
    private long since;

    /**
     * The state of the store.
     *
     * @param trouble the error in one line; null if the store works
     * @param silent the time since which the store has not responded; zero if it has
     * @param reason the line for the operator; null if there is none
     * @param lost whether this process can never use the store again
     */
    record Finding(
            @Nullable String trouble,
            Duration silent,
            @Nullable String reason,
            boolean lost) {
        static final Finding WELL = new Finding(null, Duration.ZERO, null, false);
    }

    /** Creates a probe; {@code write} writes to the store or throws {@link StoreException}. */
    StoreProbe(Runnable write) {
        this.write = write;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("ttt4rec-store-probe").factory());
    }

    /** Writes, or continues to wait for a write that has not ended. */
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
