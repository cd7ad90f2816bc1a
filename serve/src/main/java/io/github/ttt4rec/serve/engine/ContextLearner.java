package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.internal.ContextCounts;
import io.github.ttt4rec.serve.store.ContextEvents;
import io.github.ttt4rec.serve.store.DamagedUserException;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventContext;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.StoredEvent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds each stored event that has a context to {@link ContextCounts}. The counts depend only on the stored events: they
 * are the same after a restart, and exclude events of forgotten users. Thread-safe.
 *
 * <p>The events among the first {@value #MAX_PER_USER} of each user count, so that a bot cannot change the counts at
 * will. If there are more than the bound on memory allows, half of the users no longer count, by a hash of the user's
 * id, then half of those that are left, and so on ({@link UserSample}).
 */
final class ContextLearner {
    static final int MAX_PER_USER = CatalogueCounter.MAX_NEW_PER_USER;
    /**
     * The maximum number of counts: one for each event and one for each of its circumstances. A count takes up to 100
     * bytes, and a circumstance that occurs once up to 400 more.
     */
    static final int MAX_COUNTS = 200_000;

    private final EventStore store;
    private final @Nullable EventRoles roles;
    private final int maxCounts;
    private final ContextCounts counts = new ContextCounts();
    private final Map<String, Counted> users = new HashMap<>();
    private int counted;
    private final UserSample sample = new UserSample();

    private record CountedEvent(List<String> context, String item, int day) {
        int size() {
            return 1 + context.size();
        }
    }

    /** The counted events of a user. */
    private static final class Counted {
        private final long user;
        private final BitSet positions = new BitSet();
        private final List<CountedEvent> events = new ArrayList<>();

        Counted(long user) {
            this.user = user;
        }
    }

    /**
     * Creates a learner without events; see {@link #catchUp}.
     *
     * @param roles the roles of events by type; those that predictions do not read do not count
     * @param maxCounts see {@link #MAX_COUNTS}
     */
    ContextLearner(EventStore store, @Nullable EventRoles roles, int maxCounts) {
        this.store = store;
        this.roles = roles;
        this.maxCounts = maxCounts;
    }

    /** Counts all stored events. */
    void catchUp() {
        store.usersWithContexts().forEach(this::read);
    }

    ContextCounts counts() {
        return counts;
    }

    @Nullable EventRoles roles() {
        return roles;
    }

    /**
     * Counts a stored event, if it has a context and is not counted yet.
     *
     * @param number the user's number in the store
     */
    synchronized void learn(long number, long position, Event event) {
        if (!counts(position, event.type(), event.context()) || !sample.includes(event.user())) {
            return;
        }
        Counted user = users.get(event.user());
        if (user == null || user.user != number) {
            // A user's first event, or one of a user who was forgotten meanwhile: the store knows.
            read(event.user());
        } else {
            add(user, position, event.item(), event.timeMicros(), event.context());
            halve();
        }
    }

    /** Removes the counts of a user who has been deleted from the store. */
    synchronized void forget(String user) {
        // There are events again if the user has returned in the meantime.
        read(user);
    }

    /** Counts a user's stored events anew. */
    private synchronized void read(String name) {
        Counted before = users.remove(name);
        if (before != null) {
            takeBack(before);
        }
        if (!sample.includes(name) || store.isDamaged(name)) {
            return;
        }
        ContextEvents stored;
        try {
            stored = store.contextEvents(name).orElse(null);
        } catch (DamagedUserException quarantined) {
            return; // the store reports it
        }
        if (stored != null) {
            Counted user = new Counted(stored.user());
            for (StoredEvent event : stored.events()) {
                if (counts(event.position(), event.type(), event.context())) {
                    add(user, event.position(), event.item(), event.timeMicros(), event.context());
                }
            }
            if (!user.events.isEmpty()) {
                users.put(name, user);
            }
            halve();
        }
    }

    private boolean counts(long position, EventType type, EventContext context) {
        return position < MAX_PER_USER
                && !context.counted().isEmpty()
                && ReadEvents.role(roles, type).isRead();
    }

    private void add(Counted user, long position, String item, long timeMicros, EventContext context) {
        if (!user.positions.get((int) position)) {
            user.positions.set((int) position);
            CountedEvent event = new CountedEvent(context.counted(), item, ContextCounts.day(timeMicros));
            user.events.add(event);
            counted += event.size();
            counts.change(event.context, event.item, event.day, 1);
        }
    }

    private void takeBack(Counted user) {
        for (CountedEvent event : user.events) {
            counts.change(event.context, event.item, event.day, -1);
            counted -= event.size();
        }
    }

    /** Reduces the share of users if the bound is exceeded. */
    private void halve() {
        sample.halve(users, () -> counted > maxCounts, this::takeBack);
    }
}
