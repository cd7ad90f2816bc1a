package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.internal.IsoTime;
import java.util.function.LongUnaryOperator;

/**
 * Converts the stored values of one log's times.
 *
 * @param ordinal whether they are only order numbers
 * @param toMicros converts a value to epoch microseconds; the identity for order numbers
 * @param one the value of the number 1 in the log, or 0 if its times are not numbers
 */
record TimeScale(boolean ordinal, LongUnaryOperator toMicros, long one) {
    private static final long MIN_PLAUSIBLE = 757_382_400_000_000L; // 1994-01-01
    private static final long MAX_PLAUSIBLE = 4_102_444_800_000_000L; // 2100-01-01
    private static final long MIN_SECONDS = 100_000_000;

    /** The scale of epoch microseconds, which stay as they are. */
    public static TimeScale micros() {
        return new TimeScale(false, LongUnaryOperator.identity(), 0);
    }

    /** The scale of epoch nanoseconds. */
    static TimeScale nanos() {
        return new TimeScale(false, value -> Math.floorDiv(value, 1000L), 0);
    }

    /** The scale of order numbers, which stay as they are. */
    public static TimeScale order() {
        return new TimeScale(true, LongUnaryOperator.identity(), 1);
    }

    /**
     * The position of {@code number} on the log's time axis: read in the log's unit, or, if only its magnitude makes it
     * a time from 1994 to 2099, in seconds or a finer unit.
     */
    public long number(long number) {
        if (ordinal) {
            return number;
        }
        long byMagnitude = IsoTime.microsByMagnitude(number);
        if (one == 0 || Math.abs(number) > Long.MAX_VALUE / one) {
            return byMagnitude;
        }
        long asInLog = toMicros.applyAsLong(number * one);
        boolean fits = asInLog >= MIN_PLAUSIBLE && asInLog < MAX_PLAUSIBLE;
        return fits || Math.abs(number) < MIN_SECONDS ? asInLog : byMagnitude;
    }
}
