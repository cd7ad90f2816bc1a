package io.github.ttt4rec.data;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.internal.TimeParser;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A data set's time for people to read: a UTC date and time, or the bare number where it is too small to be one.
 *
 * @param time epoch milliseconds or an order number
 */
public record EventTime(long time) {
    /** 1973-03-03 in milliseconds; numbers below are order numbers. */
    private static final long FIRST_DATE = 100_000_000_000L;

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    /**
     * Reads an ISO date or date and time (UTC where it has no zone), or a bare number.
     *
     * @param what it is for, to begin the message with where it is neither
     * @param text the time
     * @return epoch milliseconds, or the number
     * @throws UserFacingException if {@code text} is no time
     */
    public static long parse(String what, String text) {
        if (text.matches("-?[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        long millis = TimeParser.isoMillis(text);
        if (millis == Long.MIN_VALUE) {
            throw new UserFacingException(
                    what + ": \"" + text + "\" is not a time; expected a date such as 2011-10-31, a"
                            + " date and time such as 2011-10-31T17:05:00Z, or a number as in the data");
        }
        return millis;
    }

    @Override
    public String toString() {
        return Math.abs(time) < FIRST_DATE ? Long.toString(time) : FORMAT.format(Instant.ofEpochMilli(time));
    }
}
