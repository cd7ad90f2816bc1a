package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.EventRoles;
import java.util.List;
import java.util.Set;

/** Receives the events of a log in file order. */
interface EventTarget {
    /**
     * Receives an event.
     *
     * @param time in the current unit of the log's {@link TimeParser}; the row's number if the log has no times
     */
    void add(IdBuffer user, IdBuffer item, long time);

    /**
     * Gives the last event a number that orders it among the user's events at the same time. Either all events have
     * such a number or none has.
     */
    void tie(long number);

    /**
     * Gives the next event an id; called only if {@link #wantsEventIds}.
     *
     * @param position the position of the event among the events of its row, which share the id
     */
    void eventId(IdBuffer id, int position);

    /** Gives the next event its kind; called for every event if there are rules for roles, otherwise never. */
    void kind(EventRoles roles, int kind);

    /** Gives the next event its type and value as written; empty for none. Called only if {@link #wantsTypes}. */
    default void type(String type, String value) {
        throw new IllegalStateException("not asked for");
    }

    /** Returns whether to pass types on. Negative events are then passed on too. */
    default boolean wantsTypes() {
        return false;
    }

    /** Returns the columns to pass on as the context of events; see {@link EventLog.Taker#contextColumns}. */
    default List<Integer> contextColumns(List<String> names, Set<Integer> used) {
        return List.of();
    }

    /** Gives the next event a value of one of the {@link #contextColumns}, which is not empty. */
    default void context(int column, String value) {
        throw new IllegalStateException("not asked for");
    }

    /** The number of events received. */
    long size();

    /** Returns whether event ids are to be read. */
    boolean wantsEventIds();

    /** Returns whether a log without a time column is an error. */
    boolean needsTimes();
}
