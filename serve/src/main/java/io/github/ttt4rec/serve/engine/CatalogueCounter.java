package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Recounts the catalogue at intervals, on a thread of its own. It counts only stored events, so that a restarted server
 * gets the same counts.
 */
final class CatalogueCounter implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(CatalogueCounter.class.getName());
    /**
     * The maximum number of events of one user since the training that count, so that a bot cannot change the counts at
     * will.
     */
    static final int MAX_NEW_PER_USER = 1_000;
    /** Events further in the future than this do not count, because their clock was wrong. */
    private static final Duration AHEAD = Duration.ofDays(1);

    private final ScheduledExecutorService thread;
    private final AtomicInteger pending = new AtomicInteger();

    /** Starts to call {@code count}, now and after each {@code period}; does nothing if the period is zero. */
    CatalogueCounter(Duration period, Runnable count) {
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("ttt4rec-catalogue").daemon().factory());
        if (!period.isZero()) {
            var _ = thread.scheduleWithFixedDelay(() -> attempt(count), 0, period.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Schedules work on the catalogue on this class's thread. */
    void soon(Runnable work) {
        pending.incrementAndGet();
        thread.execute(() -> {
            attempt(work);
            pending.decrementAndGet();
        });
    }

    /** Returns the number of pending pieces of work. */
    int pending() {
        return pending.get();
    }

    private static void attempt(Runnable count) {
        try {
            count.run();
        } catch (RuntimeException failure) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the catalogue was not updated and stays as it was: " + failure.getMessage());
        }
    }

    /**
     * Returns the stored events that count for a model; empty if there are none, or if the model knows none of their
     * items.
     *
     * @param roles the roles of events; null if all are predicted
     * @param now the present moment
     */
    static Optional<Dataset> events(EventStore store, TrainedModel model, @Nullable EventRoles roles, Instant now) {
        Provenance.Fitted fitted = model.provenance().fitted();
        Instant since = fitted == null ? null : fitted.lastTime();
        Map<String, Integer> fresh = new HashMap<>();
        try (StoreLog log = store.log()) {
            Iterator<Interaction> events = StreamSupport.stream(log.spliterator(), false)
                    .filter(event -> ReadEvents.role(roles, event.type()).isRead())
                    .filter(event -> counts(event, since, now, fresh))
                    .map(event -> new Interaction(
                            event.user(),
                            event.item(),
                            event.time(),
                            event.type().name(),
                            event.type().value()))
                    .iterator();
            return events.hasNext()
                    ? Optional.of(Datasets.of(() -> events, PrepareOptions.keepAll(), roles))
                            .filter(data -> knowsAny(model, data))
                    : Optional.empty();
        }
    }

    private static boolean knowsAny(TrainedModel model, Dataset data) {
        return data.items().names().stream().anyMatch(item -> model.items().indexOf(item) != null);
    }

    private static boolean counts(LoggedEvent event, @Nullable Instant since, Instant now, Map<String, Integer> fresh) {
        if (event.time().isAfter(now.plus(AHEAD))) {
            return false;
        }
        return (since != null && !event.time().isAfter(since))
                || fresh.merge(event.user(), 1, Integer::sum) <= MAX_NEW_PER_USER;
    }

    /** Stops after the current count. */
    @Override
    public void close() {
        thread.close();
    }
}
