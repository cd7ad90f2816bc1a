package io.github.ttt4rec.data;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.internal.IsoTime;

/**
 * A point on a data set's time axis, as written by the user: an ISO date or date and time (UTC without a zone), or a
 * number. A number is an order number for a data set without times; otherwise its magnitude decides whether it is in
 * epoch seconds, milliseconds, microseconds or nanoseconds.
 *
 * @param text the point as written, without blanks around it
 */
public record TimeBound(String text) {
    /** Smaller numbers are too small for epoch seconds; this one is a time in 1973. */
    private static final long MIN_SECONDS = 100_000_000L;

    /**
     * Checks the text.
     *
     * @throws UserFacingException if {@code text} is neither a date nor a number
     */
    public TimeBound {
        text = text.strip();
        if (!isNumber(text) && IsoTime.parse(text) == Long.MIN_VALUE) {
            throw new UserFacingException(
                    "\"" + text + "\" is not a time; expected a date such as 2011-10-31, a date and"
                            + " time such as 2011-10-31T17:05:00Z, or a number as in the data");
        }
    }

    /** A bound at {@code number}: an order number, or an epoch time whose magnitude decides its unit. */
    public static TimeBound of(long number) {
        return new TimeBound(Long.toString(number));
    }

    /**
     * Reads {@code text}.
     *
     * @param subject the name of the value, with which messages start
     * @throws UserFacingException if {@code text} is neither a date nor a number
     */
    public static TimeBound parse(String subject, String text) {
        try {
            return new TimeBound(text);
        } catch (UserFacingException e) {
            throw new UserFacingException(subject + ": " + e.getMessage(), e);
        }
    }

    /** Returns whether this is a date or a date and time, which requires a log with times. */
    public boolean isDate() {
        return !isNumber(text);
    }

    /** The number of a bound that is not a date. */
    public long number() {
        return Long.parseLong(text);
    }

    private static boolean isNumber(String text) {
        return text.matches("-?[0-9]{1,18}");
    }

    /**
     * This bound on the axis of {@link Dataset#times()}.
     *
     * @param hasTimes whether the axis is in epoch microseconds
     * @throws UserFacingException if this is a date and the axis holds only order numbers, or a number too small for an
     *     epoch time
     */
    public long on(boolean hasTimes) {
        if (!isNumber(text)) {
            if (!hasTimes) {
                throw new UserFacingException(
                        "\"" + text + "\" is a date, but the log has only order numbers; give one of"
                                + " those, or name the unit of the numbers with --time-unit");
            }
            return IsoTime.parse(text);
        }
        long number = Long.parseLong(text);
        if (!hasTimes) {
            return number;
        }
        if (Math.abs(number) < MIN_SECONDS) {
            throw new UserFacingException(
                    "\"" + text + "\" is too small for a time in seconds; write a date such as 2011-10-31");
        }
        return IsoTime.microsByMagnitude(number);
    }

    /** The bound for people: dates in full, numbers that can be epoch times as dates, and other numbers unchanged. */
    @Override
    public String toString() {
        boolean isMoment = !isNumber(text) || Math.abs(Long.parseLong(text)) >= 1000 * MIN_SECONDS;
        return isMoment ? new EventTime(on(true), true).toString() : text;
    }
}
