package io.github.ttt4rec.serve.store;

import java.util.HashMap;
import java.util.Map;

/**
 * Pairs events of a log with events of a store. Two events are the same if user, item and time are equal; each event
 * pairs once. Stores of earlier versions have times in milliseconds, so an event at a whole millisecond also pairs with
 * an event of the log within that millisecond.
 */
public final class Twins {
    private static final long MICROS_PER_MILLI = 1_000;

    private final Map<Key, Integer> left = new HashMap<>();

    private record Key(String user, String item, long time) {}

    /** Creates an empty set of events. */
    public Twins() {}

    /**
     * Adds an event of the store.
     *
     * @param time epoch microseconds
     */
    public void add(String user, String item, long time) {
        left.merge(new Key(user, item, time), 1, Integer::sum);
    }

    /**
     * Pairs an event of the log with an unpaired event of the store.
     *
     * @param time epoch microseconds
     * @return whether there was such an event
     */
    public boolean take(String user, String item, long time) {
        return takeOne(new Key(user, item, time))
                || takeOne(new Key(user, item, time - Math.floorMod(time, MICROS_PER_MILLI)));
    }

    private boolean takeOne(Key key) {
        return left.computeIfPresent(key, (_, count) -> count > 0 ? count - 1 : null) != null;
    }
}
