package io.github.ttt4rec.serve.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How the server is: what the dispatcher finds out, and others tell. */
final class ServerState {
    /** After a failure of the store, such as a full disk, for so long; then requests may show whether it works again. */
    private static final long UNREADY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean stopping;
    /** When the event store failed last; 0 for never. */
    private volatile long storeFailed;

    void begin() {
        underWay.incrementAndGet();
    }

    void end() {
        underWay.decrementAndGet();
    }

    /** Requests under way. */
    int underWay() {
        return underWay.get();
    }

    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    void storeFailed() {
        storeFailed = System.nanoTime() | 1;
    }

    /** Why no more requests should come, or null. */
    @Nullable String unready() {
        if (stopping) {
            return "this server is stopping";
        }
        long failed = storeFailed;
        return failed != 0 && System.nanoTime() - failed < UNREADY_NANOS ? "the event store has just failed" : null;
    }
}
