package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.internal.LearnedTables;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.live.LiveCatalogue;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.History;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Adds each stored event that is later than a model's training to {@link LearnedTables}. The tables depend only on the
 * stored events: they are bit-identical after a restart, and exclude events of forgotten users. Thread-safe.
 *
 * <p>The first {@value #MAX_PER_USER} events of each user since the training count, so that a bot cannot change the
 * tables at will. If there are more events than the bound on memory allows, half of the users no longer count, by a
 * hash of the user's id, then half of those that are left, and so on.
 */
final class LiveLearner {
    static final int MAX_PER_USER = CatalogueCounter.MAX_NEW_PER_USER;
    /** The maximum number of events counted; with up to 20 sums of 12 bytes each they take about 100 MB. */
    static final int MAX_EVENTS = 200_000;

    private final EventStore store;
    private final @Nullable EventRoles roles;
    private final Instant trainedUntil;
    private final int maxEvents;
    private final LearnedTables tables = new LearnedTables();
    private final Map<String, Tail> tails = new HashMap<>();
    private int counted;
    private final UserSample sample = new UserSample();

    /** The counted events of a user, and up to {@link LearnedTables#WINDOW} events before them. */
    private static final class Tail {
        private final long user;
        private long next;
        private int[] items = new int[16];
        private int size;
        private final BitSet counts = new BitSet();

        Tail(long user, long next) {
            this.user = user;
            this.next = next;
        }

        boolean isFull() {
            return counts.cardinality() >= MAX_PER_USER;
        }

        void add(int item) {
            if (counts.isEmpty() && size == LearnedTables.WINDOW) {
                System.arraycopy(items, 1, items, 0, --size);
            }
            if (size == items.length) {
                items = Arrays.copyOf(items, 2 * size);
            }
            items[size++] = item;
        }

        boolean isFirst(int place) {
            return IntStream.range(0, place).noneMatch(i -> items[i] == items[place]);
        }
    }

    /**
     * Creates a learner without events; see {@link #catchUp}.
     *
     * @param maxEvents the maximum number of events to count
     * @param roles the roles of events by type; those that predictions do not read are not learned
     * @throws UserFacingException if the model does not record the time of its last training event
     */
    LiveLearner(EventStore store, TrainedModel model, int maxEvents, @Nullable EventRoles roles) {
        this.roles = roles;
        this.store = store;
        this.maxEvents = maxEvents;
        Provenance.Fitted fitted = model.provenance().fitted();
        if (fitted == null) {
            throw new UserFacingException("learning from each event needs a model that was fitted on all events: train"
                    + " without --no-refit, or recount the catalogue at intervals, such as --live-catalogue 15m");
        }
        if (fitted.lastTime() == null) {
            throw new UserFacingException(
                    "learning from each event needs a model trained with times, to identify the events that it was not trained on");
        }
        if (store.config().maxEventsPerUser() > 0) {
            throw new UserFacingException(
                    "learning from each event needs all stored events, to rebuild the same tables after a restart: leave out --max-events-per-user, or give a period, such as --live-catalogue 15m");
        }
        trainedUntil = fitted.lastTime();
    }

    LearnedTables tables() {
        return tables;
    }

    /** Returns whether the event at a position of a user has been read for the tables, whether it counts or not. */
    synchronized boolean hasRead(String user, long position) {
        Tail tail = tails.get(user);
        return tail != null && position < tail.next;
    }

    /** Counts all stored events that are not counted yet. */
    void catchUp() {
        Set<String> users = new LinkedHashSet<>();
        try (StoreLog log = store.log(trainedUntil)) {
            for (LoggedEvent event : log) {
                users.add(event.user());
            }
        }
        users.forEach(user -> {
            if (!store.isDamaged(user)) {
                learn(user, Long.MAX_VALUE);
            }
        });
    }

    /** Counts a user's stored events up to and including a position, if they are not counted yet. */
    synchronized void learn(String user, long position) {
        Tail tail = tails.get(user);
        if (!sample.includes(user) || (tail != null && (tail.isFull() || position < tail.next))) {
            return;
        }
        store.history(user).ifPresent(history -> learn(user, history, position));
    }

    /** Counts a given event. */
    synchronized void learn(long number, long position, Event event) {
        String user = event.user();
        Tail tail = tails.get(user);
        if (tail != null && tail.user == number && tail.next == position) {
            learn(tail, event.item(), event.timeMicros(), event.type());
            halve();
        } else if (tail != null || event.timeMicros() > EventTime.micros(trainedUntil)) {
            learn(user, position);
        }
    }

    private void learn(String user, History history, long position) {
        Tail tail = tails.get(user);
        if (tail != null && tail.user != history.user()) {
            // A user who was forgotten and has returned.
            takeBack(tail);
            tail = null;
        }
        if (tail == null) {
            tail = new Tail(history.user(), history.first());
            tails.put(user, tail);
        }
        while (tail.next <= position && tail.next < history.next()) {
            int place = (int) (tail.next - history.first());
            learn(
                    tail,
                    history.items().get(place),
                    history.times()[place],
                    history.types().get(place));
        }
        if (tail.counts.isEmpty()) {
            tails.remove(user);
        }
        halve();
    }

    private void learn(Tail tail, String item, long timeMicros, EventType type) {
        tail.next++;
        if (tail.isFull() || !ReadEvents.role(roles, type).isRead()) {
            return;
        }
        tail.add(tables.number(item));
        if (timeMicros > EventTime.micros(trainedUntil)) {
            int place = tail.size - 1;
            tail.counts.set(place);
            counted++;
            tables.change(tail.items, place, tail.isFirst(place), 1);
        }
    }

    /** Reduces the share of users if the bound is exceeded. */
    private void halve() {
        sample.halve(tails, () -> counted > maxEvents, this::takeBack);
    }

    private void takeBack(Tail tail) {
        for (int place = tail.counts.nextSetBit(0); place >= 0; place = tail.counts.nextSetBit(place + 1)) {
            tables.change(tail.items, place, tail.isFirst(place), -1);
            counted--;
        }
    }

    /** Removes the counts of a user who has been deleted from the store. */
    synchronized void forget(String user) {
        Tail tail = tails.remove(user);
        if (tail != null) {
            takeBack(tail);
        }
        // There are events again if the user has returned in the meantime.
        learn(user, Long.MAX_VALUE);
    }

    /** Returns whether enough users had an item to add it. */
    boolean isKnownEnough(String item) {
        return tables.users(tables.number(item)) >= LiveCatalogue.MIN_USERS;
    }

    /**
     * Returns items that a model does not know and that may be added, each with the items that users most often had
     * together with it.
     */
    List<NewItem> found(TrainedModel model) {
        List<NewItem> found = new ArrayList<>();
        long room = LiveCatalogue.room(model);
        for (String item : tables.items()) {
            if (found.size() < room && model.items().indexOf(item) == null && isKnownEnough(item)) {
                List<String> similar = tables.together(
                        tables.number(item), known -> model.items().indexOf(known) != null, LiveCatalogue.MAX_SIMILAR);
                if (!similar.isEmpty()) {
                    found.add(new NewItem(item, similar));
                }
            }
        }
        return found;
    }
}
