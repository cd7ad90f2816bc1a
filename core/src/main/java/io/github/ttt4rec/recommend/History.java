package io.github.ttt4rec.recommend;

/**
 * A user's events before a request, oldest first: a view of {@code items[from .. to - 1]}. The arrays are shared and
 * must not be modified.
 *
 * @param items item indices {@code 1..V}
 * @param times the time of each event in epoch microseconds, parallel to {@code items}; empty if unknown
 * @param from the index of the first event
 * @param to one past the index of the last event
 * @param now the time of the request in epoch microseconds; in an evaluation, the time of the event to predict
 */
public record History(int[] items, long[] times, int from, int to, long now) {
    /** A history without times. */
    public static History of(int... items) {
        return new History(items, new long[0], 0, items.length, 0);
    }

    /** The number of events. */
    public int size() {
        return to - from;
    }

    /** The item of event {@code i}; 0 is the oldest. */
    public int item(int i) {
        return items[from + i];
    }

    /** Returns whether the events' times are known. */
    public boolean hasTimes() {
        return times.length > 0;
    }

    /** The time of event {@code i} in epoch microseconds; only if {@link #hasTimes}. */
    public long time(int i) {
        return times[from + i];
    }
}
