package io.github.ttt4rec.api;

import io.github.ttt4rec.internal.Ranges;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/** Checks arguments of callers, so that a wrong one is named. */
final class Arguments {
    private Arguments() {}

    /** Throws {@link IllegalArgumentException} if a number of items is negative. */
    static void requireCount(int k) {
        Ranges.require(k >= 0, "k must be 0 or more, not " + k);
    }

    /** Throws {@link NullPointerException} naming the list or its first element that is null. */
    static void requireAll(List<?> list, String name) {
        Objects.requireNonNull(list, name);
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) == null) {
                throw new NullPointerException(name + "[" + i + "]");
            }
        }
    }

    /** The microseconds since 1970; throws {@link IllegalArgumentException} beyond 290,000 years from then. */
    static long micros(Instant time) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Objects.requireNonNull(time, "time"));
        } catch (ArithmeticException | DateTimeException e) {
            throw new IllegalArgumentException("time is out of range: " + time, e);
        }
    }
}
