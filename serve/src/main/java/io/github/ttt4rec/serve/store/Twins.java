package io.github.ttt4rec.serve.store;

import java.util.HashMap;
import java.util.Map;

/**
 * Events of a store, to pair them with the events of a log: two events are the same if user, item and time are, and each event
 * pairs once. Stores of earlier versions kept milliseconds, so that an event at a whole millisecond also pairs with one of the
 * log within that millisecond.
 */
public final class Twins {
    private static final long MICROS_PER_MILLI = 1_000;

    private final Map<Key, Integer> left = new HashMap<>();

    private record Key(String user, String item, long time) {}

    /** Starts with no events. */
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
     * Pairs an event of the log with one of the store, if one is left.
     *
     * @param time epoch microseconds
     * @return whether the store has it
     */
    public boolean take(String user, String item, long time) {
        return takeOne(new Key(user, item, time))
                || takeOne(new Key(user, item, time - Math.floorMod(time, MICROS_PER_MILLI)));
    }

    private boolean takeOne(Key key) {
        return left.computeIfPresent(key, (_, count) -> count > 0 ? count - 1 : null) != null;
    }
}
