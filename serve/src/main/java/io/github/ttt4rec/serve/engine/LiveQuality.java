package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.internal.EventRanks;
import io.github.ttt4rec.live.EventRanker;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.serve.store.Appended;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.ExperimentFigures;
import io.github.ttt4rec.serve.store.History;
import io.github.ttt4rec.serve.store.RankedEvent;
import io.github.ttt4rec.serve.store.StoreException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ranks a sample of the events as the model would have ranked them just before they were stored, on a thread of its
 * own, so that no request waits. It reads each event's history from the store, so that a rank depends only on events
 * and model. A restart or a change of the model does not interrupt the ranks, because the store keeps them.
 */
final class LiveQuality implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(LiveQuality.class.getName());
    /** The maximum number of events waiting to be ranked; further ones are skipped. */
    private static final int WAITING = 1_000;
    /** The maximum number of pieces of work waiting. */
    private static final int MAX_WORK = 20_000;
    /** The number of ranked events between two checks for a drop. */
    private static final int LOOK_EVERY = 100;

    private final EventStore store;
    private final double rate;
    private final QualityLog log = new QualityLog();
    /** The thread's own. */
    private final UnstoredRanks unstored;

    private final AtomicLong skipped = new AtomicLong();
    private final AtomicInteger ranks = new AtomicInteger();
    private final ThreadPoolExecutor thread;
    /** The thread's own: one for each model in use. */
    private final Map<ModelSlot, EventRanker> rankers = new HashMap<>();

    private volatile boolean dropped;

    /**
     * Continues with the ranks in the store, and starts the thread.
     *
     * @param rate the share of events to rank; 0 for none, and then the stored ranks are not read
     */
    LiveQuality(EventStore store, double rate) {
        this.store = store;
        this.rate = rate;
        unstored = new UnstoredRanks(store);
        if (rate > 0) {
            restore();
        }
        thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("ttt4rec-quality").daemon().factory(),
                (work, executor) -> skipped.incrementAndGet());
    }

    private void restore() {
        for (RankedEvent event : store.rankedEvents()) {
            log.restore(event.number(), new QualityLog.Entry(event.user().id(), event.position(), event.ranks()));
        }
        lookForDrop();
    }

    /**
     * Reports a stored event.
     *
     * @param slot the model that was current before the event was stored, because a later model may have been trained
     *     on the event
     * @param appended its place in the store
     * @param first the time of the item's first earlier event; {@link Long#MAX_VALUE} if there was none
     * @param experiment takes the rank too; null if no experiment is running
     */
    void stored(ModelSlot slot, Event event, Appended appended, long first, @Nullable RunningExperiment experiment) {
        if (rate > 0 && EventRanker.isSampled(event.user(), appended.position(), rate)) {
            if (ranks.incrementAndGet() > WAITING) {
                ranks.decrementAndGet();
                skipped.incrementAndGet();
            } else {
                thread.execute(() -> {
                    ranks.decrementAndGet();
                    rank(slot, event, appended, first, experiment);
                });
            }
        }
    }

    /**
     * Runs an action after all events reported before have been ranked, so that none is ranked by tables that include
     * it. Waits if the queue is full.
     */
    void then(Runnable work) {
        boolean interrupted = false;
        while (thread.getQueue().size() > MAX_WORK && !thread.isShutdown()) {
            try {
                Thread.sleep(1);
            } catch (InterruptedException wanted) {
                interrupted = true;
                break;
            }
        }
        thread.execute(work);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void rank(
            ModelSlot slot, Event event, Appended appended, long first, @Nullable RunningExperiment experiment) {
        long position = appended.position();
        try {
            // Otherwise a model that is no longer in use would stay in memory.
            rankers.keySet()
                    .removeIf(other -> other != slot
                            && (experiment == null
                                    || other.live().weightsId() == slot.live().weightsId()));
            LiveLearner learner = slot.learner();
            if (learner != null && learner.hasRead(event.user(), position)) {
                // Two requests stored events of this user at once, and the tables read the later one first.
                skipped.incrementAndGet();
                return;
            }
            EventRanker current = rankers.computeIfAbsent(slot, each -> new EventRanker(each.live()));
            int target = slot.live().index(event.item());
            Optional<History> history = store.history(event.user());
            if (history.isEmpty()) {
                return;
            }
            int before = (int) (position - history.get().first());
            if (before < 0 || before >= history.get().items().size()) {
                return;
            }
            History all = history.get();
            ReadEvents events = slot.events(all.before(before));
            long[] times = slot.live().readsTimes() ? events.times() : new long[events.items().length];
            EventRanks ranks = current.rank(all.first(), events.tokens(), times, target, all.times()[before])
                    .since(first, all.times()[before]);
            log.add(event.user(), position, ranks);
            unstored.add(
                    new RankedEvent(log.added(), new RankedEvent.User(appended.user(), event.user()), position, ranks));
            if (experiment != null) {
                experiment.add(event.user(), ranks.gain());
                if (experiment.isDue()) {
                    keep(experiment);
                }
            }
            if (log.added() % LOOK_EVERY == 0) {
                lookForDrop();
            }
        } catch (RuntimeException failure) {
            skipped.incrementAndGet();
            LOGGER.log(System.Logger.Level.WARNING, "an event could not be ranked: " + failure.getMessage());
        }
    }

    /** Stores the figures of an experiment that have changed. */
    void keep(RunningExperiment experiment) {
        ExperimentFigures changes = experiment.takeChanges();
        try {
            store.putExperimentFigures(changes);
        } catch (StoreException failure) {
            experiment.putBack(changes);
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the figures of the experiment " + changes.name() + " could not be stored: "
                            + failure.getMessage());
        }
    }

    /** Reports a drop of quality once, and its end once. */
    private void lookForDrop() {
        QualityLog.Change change = log.change();
        if (change.isDrop() && !dropped) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    String.format(
                            Locale.ROOT,
                            "the lists are significantly worse than before: NDCG@10 %.4f on the last %d ranked events,"
                                    + " %.4f on the %d before; see GET /v1/quality and docs/production.md",
                            change.ndcgRecent(),
                            change.recent(),
                            change.ndcgBefore(),
                            change.before()));
        } else if (!change.isDrop() && dropped) {
            LOGGER.log(System.Logger.Level.INFO, "the lists are no longer significantly worse than before");
        }
        dropped = change.isDrop();
    }

    /** Returns whether quality had dropped significantly at the last check. */
    boolean dropped() {
        return dropped;
    }

    QualityLog log() {
        return log;
    }

    double rate() {
        return rate;
    }

    /** Returns the number of sampled events still to rank, the current one included. */
    int waiting() {
        return thread.getQueue().size() + thread.getActiveCount();
    }

    /**
     * Returns the number of sampled events that were not ranked because too many arrived at once, because the model's
     * tables had already read them, or because of an error.
     */
    long skipped() {
        return skipped.get();
    }

    /** Drops the waiting work, waits for the work in progress, and stores the ranks. */
    @Override
    public void close() {
        thread.getQueue().clear();
        thread.close();
        unstored.store();
    }
}
