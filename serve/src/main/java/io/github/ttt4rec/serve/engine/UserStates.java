package io.github.ttt4rec.serve.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.serve.store.Appended;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache of users' states, all of which can be rebuilt from the stored events. It has two tiers, each with a limit in
 * bytes. The small tier holds each user's items and last vector, which are enough for reads. The large tier holds the
 * fast weights, which the next event needs; if they have been evicted, they are rebuilt from the items.
 *
 * <p><b>Order.</b> States follow the store, which alone defines the events and their order; only committed events are
 * applied. No lock is held while waiting for a commit. When an append is committed, its thread takes the user's lock
 * and updates the state: if its events directly follow those that the state has read, it applies them; if the state
 * already includes them, it does nothing; if events in between are missing, it reads all of them from the store. So any
 * number of appends of one user can share a commit, in any order of threads, and the state reads the same events in the
 * same order as the store. An append for many users takes their locks one after the other, never two at once, so that
 * no deadlock is possible.
 *
 * <p>A vector enters the cache only under the user's lock; if there was none before, it is computed from a read of the
 * store under the same lock. A user is removed from the cache under that lock after being deleted from the store. So a
 * late writer cannot bring a deleted user back.
 */
final class UserStates {
    private static final int LOCKS = 1 << 10;
    /** The small tier gets 1 / {@value} of the memory. */
    private static final int SMALL_TIER_PART = 4;

    private final EventStore store;
    private final Function<String, ModelSlot> slots;
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);
    private final Cache<String, UserVector> vectors;
    private final Cache<String, CachedState> states;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder replays = new LongAdder();
    private final LongAdder replayedEvents = new LongAdder();

    /**
     * Creates a cache of the states of the users in {@code store}.
     *
     * @param slots the model to use for a user
     * @param bytes the memory limit in bytes
     */
    UserStates(EventStore store, Function<String, ModelSlot> slots, long bytes) {
        this.store = store;
        this.slots = slots;
        vectors = Caffeine.newBuilder()
                .maximumWeight(bytes / SMALL_TIER_PART)
                .weigher((String user, UserVector vector) -> vector.bytes() + bytes(user))
                .executor(Runnable::run)
                .recordStats()
                .build();
        states = Caffeine.newBuilder()
                .maximumWeight(bytes - bytes / SMALL_TIER_PART)
                .weigher((String user, CachedState state) -> state.bytes())
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    private static int bytes(String user) {
        return Character.BYTES * user.length();
    }

    /**
     * Returns a user's items and last vector, which include at least every acknowledged event; null for an unknown
     * user.
     */
    @Nullable UserVector vector(String user) {
        ModelSlot slot = slots.apply(user);
        UserVector cached = vectors.getIfPresent(user);
        if (cached != null && slot.live().accepts(cached.stamp())) {
            hits.increment();
            return cached;
        }
        misses.increment();
        return locked(user, () -> {
            ModelSlot now = slots.apply(user);
            UserVector meanwhile = vectors.getIfPresent(user);
            return meanwhile != null && now.live().accepts(meanwhile.stamp()) ? meanwhile : load(now, user);
        });
    }

    /** Updates a user's state with the committed events of one append, in order. */
    void follow(String user, List<Appended> appended, List<Event> events) {
        locked(user, () -> {
            ModelSlot slot = slots.apply(user);
            UserVector cached = vectors.getIfPresent(user);
            long last = appended.stream().mapToLong(Appended::position).max().orElseThrow();
            if (cached == null
                    || !slot.live().accepts(cached.stamp())
                    || cached.user() != appended.getFirst().user()) {
                return load(slot, user);
            }
            if (last < cached.events()) {
                return cached;
            }
            List<Event> fresh = fresh(cached.events(), appended, events);
            return cached.events() + fresh.size() > last ? extend(slot, user, cached, fresh) : load(slot, user);
        });
    }

    /**
     * Returns the events that directly follow the first {@code read} events: new events of one transaction are
     * adjacent.
     */
    private static List<Event> fresh(long read, List<Appended> appended, List<Event> events) {
        List<Event> fresh = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            if (!appended.get(i).duplicate() && appended.get(i).position() == read + fresh.size()) {
                fresh.add(events.get(i));
            }
        }
        return fresh;
    }

    /** Removes a user who has been deleted from the store. */
    void drop(String user) {
        locked(user, () -> {
            invalidate(user);
            return null;
        });
    }

    /** If an update fails, the cached state may be incomplete or behind the store, so it is removed. */
    private @Nullable UserVector locked(String user, Supplier<@Nullable UserVector> action) {
        int hash = user.hashCode();
        ReentrantLock lock = locks[(hash ^ hash >>> 16) & (LOCKS - 1)];
        lock.lock();
        boolean done = false;
        try {
            UserVector vector = action.get();
            done = true;
            return vector;
        } finally {
            if (!done) {
                invalidate(user);
            }
            lock.unlock();
        }
    }

    private void invalidate(String user) {
        vectors.invalidate(user);
        states.invalidate(user);
    }

    /**
     * Removes all users, because a new model cannot use their states. States that are still being computed carry their
     * model's stamp.
     */
    void clear() {
        vectors.invalidateAll();
        states.invalidateAll();
    }

    private @Nullable UserVector load(ModelSlot slot, String user) {
        Optional<History> history = store.history(user);
        if (history.isEmpty()) {
            invalidate(user);
            return null;
        }
        return put(
                slot,
                user,
                history.get().user(),
                history.get().first(),
                history.get().next(),
                slot.events(history.get()));
    }

    private @Nullable UserVector extend(ModelSlot slot, String user, UserVector before, List<Event> fresh) {
        long next = before.events() + fresh.size();
        ReadEvents events = new ReadEvents(slot.live(), slot.roles(), before, fresh.size());
        boolean allRead = before.skipped() == 0;
        for (Event event : fresh) {
            allRead &= events.add(event.item(), event.timeMicros(), event.type());
        }
        long first = Math.max(before.first(), store.firstKept(next));
        if (first > before.first() && !allRead) {
            // The store tells which of the dropped events were read.
            return load(slot, user);
        }
        events.drop((int) (first - before.first()));
        return put(slot, user, before.user(), first, next, events);
    }

    private UserVector put(ModelSlot slot, String user, long number, long first, long next, ReadEvents events) {
        int[] items = events.items();
        float[] vector = read(slot, user, number, first, next, events.tokens());
        UserVector kept = new UserVector(
                slot.live().stamp(events.allKnown()),
                number,
                first,
                next,
                items,
                events.kinds(),
                events.times(),
                events.lowered(),
                vector);
        vectors.put(user, kept);
        return kept;
    }

    /** Advances the cached fast weights over the new events, or replays the history if none can be reused. */
    private float[] read(ModelSlot slot, String user, long number, long first, long next, int[] items) {
        long skipped = next - first - items.length;
        CachedState cached = states.getIfPresent(user);
        LiveState before = cached == null || !cached.fits(number, first, skipped) ? null : cached.live();
        LiveState live = slot.read(before, first, items);
        if (live != before && live.hasState()) {
            replays.increment();
            replayedEvents.add(live.events());
        }
        if (live.isReusable(slot.live())) {
            states.put(user, new CachedState(number, first, skipped, live));
        } else {
            // The policy starts at another event from the next event on, so these fast weights cannot be continued.
            states.invalidate(user);
        }
        return live.vector();
    }

    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }

    long replays() {
        return replays.sum();
    }

    long replayedEvents() {
        return replayedEvents.sum();
    }

    long evictions() {
        return vectors.stats().evictionCount() + states.stats().evictionCount();
    }

    long cachedUsers() {
        return vectors.estimatedSize();
    }

    long cachedStates() {
        return states.estimatedSize();
    }

    long bytes() {
        return weight(vectors) + weight(states);
    }

    private static long weight(Cache<?, ?> cache) {
        return cache.policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .orElseThrow()
                .orElseThrow();
    }
}
