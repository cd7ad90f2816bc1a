package io.github.ttt4rec.catalogue;

/**
 * A half-open interval of time: the start belongs to it, the end does not.
 *
 * @param from epoch microseconds; {@link Long#MIN_VALUE} if it has no start
 * @param until epoch microseconds; {@link Long#MAX_VALUE} if it has no end
 */
public record TimeWindow(long from, long until) {
    /** The window that contains all times. */
    public static final TimeWindow ALWAYS = new TimeWindow(Long.MIN_VALUE, Long.MAX_VALUE);

    public boolean hasFrom() {
        return from != Long.MIN_VALUE;
    }

    public boolean hasUntil() {
        return until != Long.MAX_VALUE;
    }

    /** Returns whether the window contains a time in epoch microseconds. */
    public boolean contains(long time) {
        return from <= time && time < until;
    }
}
