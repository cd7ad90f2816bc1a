package io.github.ttt4rec.data;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * An interaction log after filtering: every user's items in time order (file order where times are equal), packed one
 * user after the other. Immutable by convention: nobody writes to the arrays after construction.
 *
 * @param users user ids; user {@code u} here is 0-based, its name is {@code users.name(u + 1)}
 * @param items item ids, indices {@code 1..V}
 * @param offsets {@code users.size() + 1} entries: user u's events stand at {@code offsets[u] .. offsets[u + 1] - 1}
 * @param events item index of each event
 * @param times time of each event: epoch microseconds (UTC) if {@code hasTimes}, otherwise the log's own order numbers,
 *     which compare but measure nothing
 * @param hasTimes whether {@code times} are moments; false if the log gave only an order
 * @param inputs the events, by their index in {@code events}, that only inform predictions and are never predicted; null if there are
 *     none
 * @param source what was read and what each filter left, for provenance
 */
public record Dataset(
        IdMap users,
        IdMap items,
        int[] offsets,
        int[] events,
        long[] times,
        boolean hasTimes,
        @Nullable BitSet inputs,
        DataSource source) {

    /** A log whose events are all predicted. */
    public Dataset(
            IdMap users, IdMap items, int[] offsets, int[] events, long[] times, boolean hasTimes, DataSource source) {
        this(users, items, offsets, events, times, hasTimes, null, source);
    }

    /** Returns whether user {@code user}'s event number {@code position} is one to predict. */
    public boolean isTarget(int user, int position) {
        return inputs == null || !inputs.get(offsets[user] + position);
    }

    /** The number of users. */
    public int userCount() {
        return offsets.length - 1;
    }

    /** The number of items, padding not counted: V. */
    public int itemCount() {
        return items.size();
    }

    /** The number of events. */
    public int eventCount() {
        return events.length;
    }

    /** The index of user {@code user}'s first event. */
    public int start(int user) {
        return offsets[user];
    }

    /** How many events user {@code user} has. */
    public int length(int user) {
        return offsets[user + 1] - offsets[user];
    }

    /** The item of user {@code user}'s event number {@code position} (0-based). */
    public int item(int user, int position) {
        return events[offsets[user] + position];
    }
}
