package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.Swept;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Goes through all users again and again, some each second with a rest after each round, and has the store forget the idle
 * ones and remove events beyond the maximum.
 */
final class RetentionSweep implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(RetentionSweep.class.getName());
    private static final int USERS_PER_SECOND = 500;
    private static final int REST_SECONDS = 600;

    private final EventStore store;
    private final Consumer<String> dropped;
    private final AtomicLong forgotten = new AtomicLong();
    private final ScheduledExecutorService thread;
    /** The thread's own: the last user looked at, and the rest that is left. */
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

    /** Looks at some users; returns the last one's number, {@link Long#MAX_VALUE} where there are no more. */
    long slice(long after) {
        Swept swept = store.sweep(after, USERS_PER_SECOND);
        swept.forgotten().forEach(dropped);
        forgotten.addAndGet(swept.forgotten().size());
        return swept.last();
    }

    /** Users forgotten because they were idle. */
    long forgotten() {
        return forgotten.get();
    }

    /** Ends after the slice in hand. */
    @Override
    public void close() {
        thread.close();
    }
}
