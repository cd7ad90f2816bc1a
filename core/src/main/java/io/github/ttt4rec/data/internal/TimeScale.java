package io.github.ttt4rec.data.internal;

import java.util.function.LongUnaryOperator;

/**
 * Converts the values that one file's times were kept as.
 *
 * @param ordinal whether they are mere order numbers
 * @param toMicros gives epoch microseconds; the identity for order numbers
 */
public record TimeScale(boolean ordinal, LongUnaryOperator toMicros) {
    /** Epoch microseconds, which stay as they are. */
    public static TimeScale micros() {
        return new TimeScale(false, LongUnaryOperator.identity());
    }

    /** Order numbers, which stay as they are. */
    public static TimeScale order() {
        return new TimeScale(true, LongUnaryOperator.identity());
    }
}
