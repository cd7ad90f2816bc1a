package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.RankedEvent;
import io.github.ttt4rec.serve.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The ranks that are not in the store yet. For one thread. */
final class UnstoredRanks {
    /** The number of ranks at which they are stored, and the maximum number that a crash loses. */
    static final int MAX_UNSTORED = 50;
    /** The time after which ranks are stored with the next ranked event, or tried again after a failure. */
    private static final Duration STORE_EVERY = Duration.ofSeconds(10);

    private static final System.Logger LOGGER = System.getLogger(UnstoredRanks.class.getName());

    private final EventStore store;
    private final List<RankedEvent> events = new ArrayList<>();
    private long triedNanos = System.nanoTime();
    private boolean failed;

    UnstoredRanks(EventStore store) {
        this.store = store;
    }

    /** Adds a ranked event, and stores all if they are many or the last attempt is long ago. */
    void add(RankedEvent event) {
        if (events.size() == QualityLog.CAPACITY) {
            events.removeFirst();
        }
        events.add(event);
        boolean late = System.nanoTime() - triedNanos > STORE_EVERY.toNanos();
        if (late || (events.size() >= MAX_UNSTORED && !failed)) {
            store();
        }
    }

    /** Stores all ranks; keeps them for the next attempt if the store fails. */
    void store() {
        triedNanos = System.nanoTime();
        if (events.isEmpty()) {
            return;
        }
        try {
            store.putRankedEvents(List.copyOf(events), QualityLog.CAPACITY);
            events.clear();
            failed = false;
        } catch (StoreException failure) {
            failed = true;
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the ranks of live quality could not be stored: " + failure.getMessage());
        }
    }
}
