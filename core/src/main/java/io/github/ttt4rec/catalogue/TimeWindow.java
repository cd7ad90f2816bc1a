package io.github.ttt4rec.catalogue;

/**
 * A span of time, its start included and its end not.
 *
 * @param from epoch microseconds; {@link Long#MIN_VALUE} if it has no start
 * @param until epoch microseconds; {@link Long#MAX_VALUE} if it has no end
 */
public record TimeWindow(long from, long until) {
    /** All times. */
    public static final TimeWindow ALWAYS = new TimeWindow(Long.MIN_VALUE, Long.MAX_VALUE);

    /** Returns whether it has a start. */
    public boolean hasFrom() {
        return from != Long.MIN_VALUE;
    }

    /** Returns whether it has an end. */
    public boolean hasUntil() {
        return until != Long.MAX_VALUE;
    }

    /** Returns whether a time in epoch microseconds lies within it. */
    public boolean contains(long time) {
        return from <= time && time < until;
    }
}
