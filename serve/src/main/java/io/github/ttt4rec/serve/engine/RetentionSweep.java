package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.Swept;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Checks all users repeatedly, some of them each second with a pause after each round. Forgets idle users and removes
 * events beyond the maximum.
 */
final class RetentionSweep implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(RetentionSweep.class.getName());
    private static final int USERS_PER_SECOND = 500;
    private static final int REST_SECONDS = 600;

    private final EventStore store;
    private final Consumer<String> dropped;
    private final AtomicLong forgotten = new AtomicLong();
    private final ScheduledExecutorService thread;
    /** Used by the thread only: the last user checked, and the remaining pause. */
    private long last;

    private int rest;

    /**
     * Starts, unless the store keeps everything for ever.
     *
     * @param dropped called with each user who has been deleted from the store
     */
    RetentionSweep(EventStore store, Consumer<String> dropped) {
        this.store = store;
        this.dropped = dropped;
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ttt4rec-retention").daemon().factory());
        if (store.config().maxEventsPerUser() > 0
                || !store.config().idleUserTtl().isZero()) {
            var _ = thread.scheduleWithFixedDelay(this::second, 1, 1, TimeUnit.SECONDS);
        }
    }

    private void second() {
        if (rest > 0) {
            rest--;
            return;
        }
        try {
            last = slice(last);
        } catch (RuntimeException failure) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "old events were not removed, the next attempt is in " + REST_SECONDS + " seconds: "
                            + failure.getMessage());
            last = Long.MAX_VALUE;
        }
        if (last == Long.MAX_VALUE) {
            last = 0;
            rest = REST_SECONDS;
        }
    }

    /** Checks some users; returns the number of the last one, or {@link Long#MAX_VALUE} if there are no more. */
    long slice(long after) {
        Swept swept = store.sweep(after, USERS_PER_SECOND);
        swept.forgotten().forEach(dropped);
        forgotten.addAndGet(swept.forgotten().size());
        return swept.last();
    }

    /** Returns the number of users forgotten because they were idle. */
    long forgotten() {
        return forgotten.get();
    }

    /** Stops after the current slice. */
    @Override
    public void close() {
        thread.close();
    }
}
