package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.internal.LearnedTables;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.live.LiveCatalogue;
import io.github.ttt4rec.random.SplitMix;
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
 * Adds each stored event that is later than a model's training to {@link LearnedTables}. The tables are a function of the stored
 * events alone: the same after a restart, to the bit, and without the events of users who were forgotten. For any number of threads.
 *
 * <p>The first {@value #MAX_PER_USER} events of each user since the training count, so that a bot cannot change the tables at will. If
 * there are more events than the bound on memory allows, every second user counts no more, by a hash of the user's id, then every
 * second of those left, and so on.
 */
final class LiveLearner {
    static final int MAX_PER_USER = CatalogueCounter.MAX_NEW_PER_USER;
    /** Events that are counted at most; with up to 20 sums of 12 bytes each they take some 100 MB. */
    static final int MAX_EVENTS = 200_000;

    private final EventStore store;
    private final @Nullable EventRoles roles;
    private final Instant trainedUntil;
    private final int maxEvents;
    private final LearnedTables tables = new LearnedTables();
    private final Map<String, Tail> tails = new HashMap<>();
    private int counted;
    /** One in 2 to the power of this of all users counts. */
    private int halvings;

    /** The events of a user that count, and up to {@link LearnedTables#WINDOW} before them. */
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
     * A learner that has learned nothing yet; see {@link #catchUp}.
     *
     * @param maxEvents events that are counted at most
     * @throws UserFacingException if the model does not say until when it was trained
     */
    LiveLearner(EventStore store, TrainedModel model, int maxEvents) {
        this(store, model, maxEvents, null);
    }

    /** The same for events of several types; those that predictions do not read are not learned. */
    LiveLearner(EventStore store, TrainedModel model, int maxEvents, @Nullable EventRoles roles) {
        this.roles = roles;
        this.store = store;
        this.maxEvents = maxEvents;
        Provenance.Fitted fitted = model.provenance().fitted();
        if (fitted == null) {
            throw new UserFacingException("learning from each event needs a model that was fitted on all events: train"
                    + " without --no-refit, or count the catalogue every so often, such as --live-catalogue 15m");
        }
        if (fitted.lastTime() == null) {
            throw new UserFacingException("learning from each event needs a model whose events had times, to tell the"
                    + " events that it was not trained on");
        }
        if (store.config().maxEventsPerUser() > 0) {
            throw new UserFacingException("learning from each event needs all events, to learn the same again after a"
                    + " restart: leave out --max-events-per-user, or give a period, such as --live-catalogue 15m");
        }
        trainedUntil = fitted.lastTime();
    }

    LearnedTables tables() {
        return tables;
    }

    /** The number of events counted. */
    synchronized int counted() {
        return counted;
    }

    /** The share of all users that count. */
    synchronized double share() {
        return Math.scalb(1.0, -halvings);
    }

    /** Learns all stored events that it has not learned yet. */
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

    /** Learns a user's stored events up to a position, that one included, as far as it has not yet. */
    synchronized void learn(String user, long position) {
        Tail tail = tails.get(user);
        if (!isAmongThoseWhoCount(user) || (tail != null && (tail.isFull() || position < tail.next))) {
            return;
        }
        store.history(user).ifPresent(history -> learn(user, history, position));
    }

    /** The same for an event at hand. */
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
            // One who was forgotten and has come back.
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

    /** Keeps to the bound. */
    private void halve() {
        while (counted > maxEvents && halvings < Integer.SIZE) {
            halvings++;
            tails.entrySet().removeIf(entry -> {
                boolean out = !isAmongThoseWhoCount(entry.getKey());
                if (out) {
                    takeBack(entry.getValue());
                }
                return out;
            });
        }
    }

    private boolean isAmongThoseWhoCount(String user) {
        return (SplitMix.mix(user.hashCode()) & ((1L << halvings) - 1)) == 0;
    }

    private void takeBack(Tail tail) {
        for (int place = tail.counts.nextSetBit(0); place >= 0; place = tail.counts.nextSetBit(place + 1)) {
            tables.change(tail.items, place, tail.isFirst(place), -1);
            counted--;
        }
    }

    /** Takes back what a user who has been deleted from the store has taught. */
    synchronized void forget(String user) {
        Tail tail = tails.remove(user);
        if (tail != null) {
            takeBack(tail);
        }
        // There are events again if the user came back meanwhile.
        learn(user, Long.MAX_VALUE);
    }

    /** Returns whether so many users had an item that it may be added. */
    boolean isKnownEnough(String item) {
        return tables.users(tables.number(item)) >= LiveCatalogue.MIN_USERS;
    }

    /** Items that a model does not know and that may be added, each with those that it is most often had together with. */
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
