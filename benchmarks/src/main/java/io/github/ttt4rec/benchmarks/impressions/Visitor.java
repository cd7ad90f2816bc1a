package io.github.ttt4rec.benchmarks.impressions;

import io.github.ttt4rec.recommend.History;
import java.util.Arrays;

/** A user of the simulated shop: the items that the user had, and those that the user was shown and did not take. */
final class Visitor {
    static final double DAY = 86_400e6;

    final int user;
    final boolean[] had;
    /** How often each item was shown without being taken. */
    final int[] shown;
    /** When each item was last shown, in epoch microseconds. */
    final long[] lastShown;

    private int[] items = new int[16];
    private long[] times = new long[16];
    private int count;

    Visitor(int user, int items) {
        this(user, new boolean[items + 1], new int[items + 1], new long[items + 1]);
    }

    private Visitor(int user, boolean[] had, int[] shown, long[] lastShown) {
        this.user = user;
        this.had = had;
        this.shown = shown;
        this.lastShown = lastShown;
    }

    /** Returns a copy that does not change with this user. */
    Visitor copy() {
        Visitor copy = new Visitor(user, had.clone(), shown.clone(), lastShown.clone());
        copy.items = items.clone();
        copy.times = times.clone();
        copy.count = count;
        return copy;
    }

    /** Adds an event. */
    void take(int item, long time) {
        if (count == items.length) {
            items = Arrays.copyOf(items, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
        }
        items[count] = item;
        times[count++] = time;
        had[item] = true;
    }

    /** Notes that an item was shown and not taken. */
    void skip(int item, long time) {
        shown[item]++;
        lastShown[item] = time;
    }

    int last() {
        return count == 0 ? 0 : items[count - 1];
    }

    /** The user's events before a request at time {@code now}. */
    History history(long now) {
        return new History(items, times, 0, count, now);
    }
}
