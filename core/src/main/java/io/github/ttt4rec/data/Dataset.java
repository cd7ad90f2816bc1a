package io.github.ttt4rec.data;

import org.jspecify.annotations.Nullable;

/**
 * An interaction log after filtering: every user's items in time order (file order if times are equal), stored one user
 * after the other. Immutable by convention: the arrays must not be modified after construction.
 *
 * @param users user ids; a user {@code u} is numbered from 0 in this class, and has the id {@code users.name(u + 1)}
 * @param items item ids, indices {@code 1..V}
 * @param offsets {@code users.size() + 1} entries: user u's events are at {@code offsets[u] .. offsets[u + 1] - 1}
 * @param events item index of each event
 * @param times time of each event: epoch microseconds (UTC) if {@code hasTimes}, otherwise the log's own order numbers,
 *     whose differences mean nothing
 * @param hasTimes whether {@code times} are in epoch microseconds; false if the log gave only an order
 * @param kinds the kinds of events; null if all are targets of one kind
 * @param source the file and the number of events that each filter kept, for provenance
 */
public record Dataset(
        IdMap users,
        IdMap items,
        int[] offsets,
        int[] events,
        long[] times,
        boolean hasTimes,
        EventRoles.@Nullable Kinds kinds,
        DataSource source) {

    /** Creates a log whose events are all prediction targets of one kind. */
    public Dataset(
            IdMap users, IdMap items, int[] offsets, int[] events, long[] times, boolean hasTimes, DataSource source) {
        this(users, items, offsets, events, times, hasTimes, null, source);
    }

    /** Returns whether event number {@code position} of user {@code user} is a prediction target. */
    public boolean isTarget(int user, int position) {
        return kinds == null || kinds.isTarget(offsets[user] + position);
    }

    /** The factor of the loss of predicting event number {@code position} of user {@code user}; 0 if training does not. */
    public float lossWeight(int user, int position) {
        return kinds == null ? 1f : kinds.lossWeight(offsets[user] + position);
    }

    /** The kind of event number {@code position} of user {@code user}; see {@link EventRoles}. */
    public int kind(int user, int position) {
        return kinds == null ? 0 : kinds.ofEvent()[offsets[user] + position];
    }

    public int userCount() {
        return offsets.length - 1;
    }

    /** V, the number of items without padding. */
    public int itemCount() {
        return items.size();
    }

    public int eventCount() {
        return events.length;
    }

    /** The index of the first event of user {@code user}. */
    public int start(int user) {
        return offsets[user];
    }

    /** The number of events of user {@code user}. */
    public int length(int user) {
        return offsets[user + 1] - offsets[user];
    }

    /** The item of event number {@code position} (0-based) of user {@code user}. */
    public int item(int user, int position) {
        return events[offsets[user] + position];
    }
}
