package io.github.ttt4rec.serve.store;

import java.util.Arrays;
import java.util.List;

/**
 * The items and times of a user's kept events, as parallel arrays.
 *
 * @param user the user's number in the store, which is never reused after the user is forgotten
 * @param first the position of the first event kept
 * @param items their items, oldest first
 * @param times their times in epoch microseconds, parallel to {@code items}
 * @param types what happened in them, parallel to {@code items}
 */
public record History(long user, long first, List<String> items, long[] times, List<EventType> types) {
    /** The first {@code count} of the events kept. */
    public History before(int count) {
        return new History(user, first, items.subList(0, count), Arrays.copyOf(times, count), types.subList(0, count));
    }

    /** Returns the number of events accepted so far, which is the position of the next one. */
    public long next() {
        return first + items.size();
    }
}
