package io.github.ttt4rec.data;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A time of a data set, formatted for people: a UTC date and time, with a fraction only if it is not zero, or the order
 * number.
 *
 * @param time epoch microseconds, or an order number
 * @param isMoment whether {@code time} is in epoch microseconds, as {@link Dataset#hasTimes()} says
 */
public record EventTime(long time, boolean isMoment) {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    /** The instant of {@code micros}, in epoch microseconds. */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND), 1000L * Math.floorMod(micros, MICROS_PER_SECOND));
    }

    /** The last whole epoch microsecond that is not after {@code time}. */
    public static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), MICROS_PER_SECOND), time.getNano() / 1000);
    }

    /** The current time in epoch microseconds. */
    public static long nowMicros() {
        return micros(Instant.now());
    }

    @Override
    public String toString() {
        if (!isMoment) {
            return Long.toString(time);
        }
        long fraction = Math.floorMod(time, MICROS_PER_SECOND);
        String seconds = FORMAT.format(instant(time));
        return fraction == 0
                ? seconds
                : seconds + "." + "%06d".formatted(fraction).replaceFirst("0+$", "");
    }
}
