package io.github.ttt4rec.data.read;

/** Takes the events of a log, one after the other in the order of the file. */
interface EventTarget {
    /**
     * Takes an event.
     *
     * @param time in the unit that the log's {@link TimeParser} has now; the number of the row if the log has no times
     */
    void add(IdBuffer user, IdBuffer item, long time);

    /** Gives the last event a number that orders it among the events of its user and time; all events have one, or none. */
    void tie(long number);

    /**
     * Gives the next event an id; called only if {@link #wantsEventIds}.
     *
     * @param position of the event among those of its row, which share the id
     */
    void eventId(IdBuffer id, int position);

    /** Says that the next event is a mere input, which is never predicted. */
    void input();

    /** The number of events taken. */
    long size();

    /** Returns whether event ids are to be read. */
    boolean wantsEventIds();

    /** Returns whether a log without a column of times is refused. */
    boolean needsTimes();
}
