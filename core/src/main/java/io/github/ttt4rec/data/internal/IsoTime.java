package io.github.ttt4rec.data.internal;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/**
 * Reads ISO dates and times, and numbers whose magnitude decides their unit, as epoch microseconds. Times without a
 * zone are UTC.
 */
public final class IsoTime {
    private IsoTime() {}

    /** Epoch microseconds of {@code number}, which is in seconds or a finer unit, depending on its magnitude. */
    public static long microsByMagnitude(long number) {
        double size = Math.abs((double) number);
        if (size < 1e11) {
            return number * 1_000_000;
        }
        if (size < 1e14) {
            return number * 1000;
        }
        return size < 1e17 ? number : Math.floorDiv(number, 1000L);
    }

    /**
     * Reads an ISO date, or a date and time separated by T or a blank, with optional seconds and fraction, and with Z,
     * an offset or no zone. Returns epoch microseconds, or {@link Long#MIN_VALUE} if the text is not such a time.
     */
    public static long parse(String text) {
        // DateTimeFormatter is ten times slower, and a log has a time in each row.
        int end = text.length();
        if (end < 10 || !separator(text, 4, '-', '/') || text.charAt(7) != text.charAt(4)) {
            return Long.MIN_VALUE;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = 0;
        int minute = 0;
        int second = 0;
        long fraction = 0;
        int at = 10;
        if (end > 10) {
            if (end < 16 || !separator(text, 10, 'T', ' ') || text.charAt(13) != ':') {
                return Long.MIN_VALUE;
            }
            hour = digits(text, 11, 13);
            minute = digits(text, 14, 16);
            at = 16;
            if (at < end && text.charAt(at) == ':') {
                if (end < 19) {
                    return Long.MIN_VALUE;
                }
                second = digits(text, 17, 19);
                at = 19;
                if (at < end && separator(text, at, '.', ',')) {
                    int first = ++at;
                    while (at < end && Character.digit(text.charAt(at), 10) >= 0) {
                        fraction = at - first < 6 ? 10 * fraction + Character.digit(text.charAt(at), 10) : fraction;
                        at++;
                    }
                    if (at == first) {
                        return Long.MIN_VALUE;
                    }
                    for (int i = at - first; i < 6; i++) {
                        fraction *= 10;
                    }
                }
            }
        }
        String tail = text.substring(at).strip();
        if (tail.length() >= 2 && (tail.charAt(1) == 'M' || tail.charAt(1) == 'm')) {
            hour = twelveHours(hour, tail.charAt(0));
            tail = tail.substring(2).strip();
        }
        if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
            return Long.MIN_VALUE;
        }
        try {
            int offset = offsetSeconds(tail);
            return micros(LocalDateTime.of(year, month, day, hour, minute, second), offset) + fraction;
        } catch (DateTimeException e) {
            return Long.MIN_VALUE;
        }
    }

    /** The nanoseconds beyond the microsecond, 0 to 999, of a text that {@link #parse} accepts. */
    public static int nanos(String text) {
        int last = "2025-01-31T12:00:00.123456".length();
        int nanos = 0;
        if (text.length() > last && separator(text, 19, '.', ',')) {
            for (int i = 0; i < 3; i++) {
                int at = last + i;
                int digit = at < text.length() ? Character.digit(text.charAt(at), 10) : -1;
                if (digit < 0) {
                    return i == 0 ? 0 : nanos * (i == 1 ? 100 : 10);
                }
                nanos = 10 * nanos + digit;
            }
        }
        return nanos;
    }

    /** Converts an hour of a twelve-hour clock to 0 to 23; -1 if it is invalid. */
    private static int twelveHours(int hour, char half) {
        if (hour < 1 || hour > 12) {
            return -1;
        }
        return switch (half) {
            case 'A', 'a' -> hour % 12;
            case 'P', 'p' -> hour % 12 + 12;
            default -> -1;
        };
    }

    private static int offsetSeconds(String zone) {
        return zone.isEmpty() || zone.equals("UTC") || zone.equals("GMT")
                ? 0
                : ZoneOffset.of(zone).getTotalSeconds();
    }

    private static boolean separator(String text, int at, char one, char other) {
        return text.charAt(at) == one || text.charAt(at) == other;
    }

    /** Epoch microseconds of a local time at an offset from UTC in seconds. */
    public static long micros(LocalDateTime local, int offsetSeconds) {
        return (local.toEpochSecond(ZoneOffset.UTC) - offsetSeconds) * 1_000_000
                + local.get(ChronoField.MICRO_OF_SECOND);
    }

    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }
}
