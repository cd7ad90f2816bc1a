package io.github.ttt4rec.data.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EpochUnit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns the times of one file into longs that sort like them. Text becomes microseconds at once. Numbers stay as they are
 * until the file has been read: only then is it known what most of them look like, and a unit guessed row by row would
 * tear the order apart. Times without a zone are taken as UTC.
 */
public final class TimeParser {
    /** The largest magnitudes at which a number is still an ordinal, seconds, milliseconds, microseconds. */
    private static final long[] MAGNITUDES = {
        100_000_000L, 100_000_000_000L, 100_000_000_000_000L, 100_000_000_000_000_000L
    };

    private static final EpochUnit[] UNITS = {
        EpochUnit.ORDINAL, EpochUnit.SECONDS, EpochUnit.MILLISECONDS, EpochUnit.MICROSECONDS, EpochUnit.NANOSECONDS
    };

    /** Fractions of numeric times are kept to the millionth. */
    private static final long FRACTION = 1_000_000;

    /** Numbers above are not epoch seconds or milliseconds, and a scaled one would not fit 64 bits. */
    private static final double MAX_WITH_FRACTION = 9e12;

    private enum Kind {
        UNKNOWN,
        NUMBER,
        /** Text and declared timestamps: the value is in microseconds. */
        MICROS
    }

    private final EpochUnit unit;
    private final @Nullable DateTimeFormatter formatter;
    private final LongColumn earlier;
    private final long[] seenOfUnit = new long[UNITS.length];
    private Kind kind = Kind.UNKNOWN;
    private long scale = 1;
    private long value;

    /**
     * A parser for one file.
     *
     * @param unit what numbers count
     * @param pattern of textual times, or null for ISO
     * @param earlier where the values go, to be scaled when the first fraction turns up
     */
    TimeParser(EpochUnit unit, @Nullable String pattern, LongColumn earlier) {
        this.unit = unit;
        this.earlier = earlier;
        try {
            this.formatter = pattern == null ? null : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        } catch (IllegalArgumentException e) {
            throw new UserFacingException(
                    "time pattern \"" + pattern + "\": " + e.getMessage() + "; an example is M/d/yyyy H:mm", e);
        }
    }

    /** The time last parsed, in the file's unit. */
    long value() {
        return value;
    }

    /** Parses a time from text; returns what is wrong with it, or null, and then {@link #value()} has it. */
    @Nullable String parse(char[] chars, int offset, int count) {
        int from = offset;
        int to = offset + count;
        while (from < to && chars[from] <= ' ') {
            from++;
        }
        while (to > from && chars[to - 1] <= ' ') {
            to--;
        }
        if (from == to) {
            return "the time is empty";
        }
        if (formatter != null) {
            return parsePattern(formatter, new String(chars, from, to - from));
        }
        if (kind != Kind.MICROS && looksLikeNumber(chars, from, to)) {
            return parseNumber(chars, from, to);
        }
        String text = new String(chars, from, Math.min(to - from, 64));
        if (kind == Kind.NUMBER) {
            return "\"" + text + "\" is not a number, as the times before it are";
        }
        long micros = isoMicros(text);
        if (micros == Long.MIN_VALUE) {
            return noTime(text);
        }
        kind = Kind.MICROS;
        value = micros;
        return null;
    }

    /** Takes a time given as a number. */
    @Nullable String accept(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return number + " is not a time";
        }
        if (number == Math.rint(number) || Math.abs(number) > MAX_WITH_FRACTION) {
            if (Math.abs(number) >= 0x1p63) {
                return number + " is not a time: too large";
            }
            return accept((long) Math.rint(number));
        }
        return accept(number, Math.round(number * FRACTION));
    }

    /** Takes a number with a fraction: {@code number}, exactly {@code millionths}. */
    private @Nullable String accept(double number, long millionths) {
        count(number);
        if (scale == 1) {
            scale = FRACTION;
            earlier.replaceAll(time -> time * FRACTION);
        }
        kind = Kind.NUMBER;
        value = millionths;
        return null;
    }

    /** Takes a time given as a whole number. */
    @Nullable String accept(long number) {
        if (scale > 1 && Math.abs(number) > Long.MAX_VALUE / scale) {
            return number + " is not a time in the unit of the others";
        }
        count((double) number);
        kind = Kind.NUMBER;
        value = number * scale;
        return null;
    }

    /** Takes a time whose unit the file itself declares. */
    @Nullable String acceptMicros(long micros) {
        kind = Kind.MICROS;
        value = micros;
        return null;
    }

    private void count(double number) {
        double size = Math.abs(number);
        int i = 0;
        while (i < MAGNITUDES.length && size >= MAGNITUDES[i]) {
            i++;
        }
        seenOfUnit[i]++;
    }

    private static boolean looksLikeNumber(char[] chars, int from, int to) {
        boolean digit = false;
        for (int i = from; i < to; i++) {
            char c = chars[i];
            boolean sign = (c == '-' || c == '+') && (i == from || chars[i - 1] == 'e' || chars[i - 1] == 'E');
            boolean isDigit = c >= '0' && c <= '9';
            digit |= isDigit;
            if (!isDigit && !sign && c != '.' && !(digit && (c == 'e' || c == 'E'))) {
                return false;
            }
        }
        return digit;
    }

    private @Nullable String parseNumber(char[] chars, int from, int to) {
        String problem;
        int i = chars[from] == '-' || chars[from] == '+' ? from + 1 : from;
        long number = 0;
        boolean whole = to - i <= 18;
        for (int at = i; at < to && whole; at++) {
            whole = chars[at] >= '0' && chars[at] <= '9';
            number = 10 * number + (chars[at] - '0');
        }
        if (whole) {
            problem = accept(chars[from] == '-' ? -number : number);
        } else {
            String text = new String(chars, from, to - from);
            try {
                problem = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0
                        ? accept(Long.parseLong(text))
                        : acceptDecimal(text);
            } catch (NumberFormatException e) {
                problem = noTime(text);
            }
        }
        return problem;
    }

    /** Takes a number with a decimal point or an exponent, exact to the millionth if it can have been written so. */
    private @Nullable String acceptDecimal(String text) {
        double number = Double.parseDouble(text);
        if (number == Math.rint(number) || Math.abs(number) > MAX_WITH_FRACTION) {
            return accept(number);
        }
        return accept(
                number,
                new BigDecimal(text)
                        .movePointRight(6)
                        .setScale(0, RoundingMode.FLOOR)
                        .longValueExact());
    }

    private static String noTime(String text) {
        return "\"" + text + "\" is not a time; expected epoch seconds, milliseconds or microseconds, or a date such as"
                + " 2011-10-31, 2011-10-31 17:05 or 2011-10-31T17:05:00Z (for other dates give --time-pattern)";
    }

    private @Nullable String parsePattern(DateTimeFormatter pattern, String text) {
        try {
            TemporalAccessor parsed = pattern.parse(text);
            LocalDate date = parsed.query(TemporalQueries.localDate());
            if (date == null) {
                return "\"" + text + "\" has no date by the time pattern given";
            }
            LocalTime time = parsed.query(TemporalQueries.localTime());
            LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
            ZoneOffset offset = ZoneOffset.UTC;
            if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
                offset = ZoneOffset.ofTotalSeconds(parsed.get(ChronoField.OFFSET_SECONDS));
            }
            kind = Kind.MICROS;
            value = micros(local, offset.getTotalSeconds());
            return null;
        } catch (DateTimeParseException e) {
            return "\"" + text + "\" does not match the time pattern given";
        }
    }

    /** Epoch microseconds of {@code number}, which counts seconds or a finer unit by its magnitude. */
    public static long microsByMagnitude(long number) {
        double size = Math.abs((double) number);
        if (size < MAGNITUDES[1]) {
            return number * 1_000_000;
        }
        if (size < MAGNITUDES[2]) {
            return number * 1000;
        }
        return size < MAGNITUDES[3] ? number : Math.floorDiv(number, 1000L);
    }

    /**
     * An ISO date, or date and time with T or a blank between them, with seconds and fraction or not, with Z, an offset
     * or no zone, as microseconds; {@link Long#MIN_VALUE} where it is none.
     */
    public static long isoMicros(String text) {
        // DateTimeFormatter does this at a tenth of the speed, and a log has one for each row.
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
        if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
            return Long.MIN_VALUE;
        }
        try {
            int offset = offsetSeconds(text.substring(at).strip());
            return micros(LocalDateTime.of(year, month, day, hour, minute, second), offset) + fraction;
        } catch (DateTimeException e) {
            return Long.MIN_VALUE;
        }
    }

    private static int offsetSeconds(String zone) {
        return zone.isEmpty() || zone.equals("UTC") ? 0 : ZoneOffset.of(zone).getTotalSeconds();
    }

    private static boolean separator(String text, int at, char one, char other) {
        return text.charAt(at) == one || text.charAt(at) == other;
    }

    private static long micros(LocalDateTime local, int offsetSeconds) {
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

    /** The unit of the numbers read: the one given, or the one most of them look like. */
    private EpochUnit numberUnit() {
        if (unit != EpochUnit.AUTO) {
            return unit;
        }
        int most = 0;
        for (int i = 1; i < UNITS.length; i++) {
            most = seenOfUnit[i] > seenOfUnit[most] ? i : most;
        }
        return UNITS[most];
    }

    /** Returns whether the times are mere order numbers. */
    boolean ordinal() {
        return kind == Kind.NUMBER && numberUnit() == EpochUnit.ORDINAL;
    }

    /** Converts values to epoch microseconds; order numbers stay as they are. */
    TimeScale scale() {
        if (kind != Kind.NUMBER) {
            return TimeScale.micros();
        }
        if (ordinal()) {
            return TimeScale.order();
        }
        return new TimeScale(false, toMicros());
    }

    private LongUnaryOperator toMicros() {
        long scaled = scale;
        return switch (numberUnit()) {
            case AUTO, ORDINAL -> LongUnaryOperator.identity();
            case SECONDS -> scaled == FRACTION ? LongUnaryOperator.identity() : time -> time * 1_000_000;
            case MILLISECONDS -> scaled == FRACTION ? time -> Math.floorDiv(time, 1000L) : time -> time * 1000;
            case MICROSECONDS -> time -> Math.floorDiv(time, scaled);
            case NANOSECONDS -> time -> Math.floorDiv(time, 1000 * scaled);
        };
    }

    /** What the times are, in words. */
    String description() {
        if (kind != Kind.NUMBER) {
            return "dates and times";
        }
        String guessed = unit == EpochUnit.AUTO ? " (guessed)" : "";
        return switch (numberUnit()) {
            case AUTO, ORDINAL -> "order numbers" + guessed;
            case SECONDS -> "epoch seconds" + guessed;
            case MILLISECONDS -> "epoch milliseconds" + guessed;
            case MICROSECONDS -> "epoch microseconds" + guessed;
            case NANOSECONDS -> "epoch nanoseconds" + guessed;
        };
    }

    /** A warning where the unit was guessed and a part of the numbers looks like another unit, or null. */
    @Nullable String mixtureNotice() {
        if (kind != Kind.NUMBER || unit != EpochUnit.AUTO || numberUnit() == EpochUnit.ORDINAL) {
            return null;
        }
        EpochUnit chosen = numberUnit();
        long others = 0;
        for (int i = 0; i < UNITS.length; i++) {
            others += UNITS[i] == chosen ? 0 : seenOfUnit[i];
        }
        return others == 0
                ? null
                : others + " times do not look like " + description().replace(" (guessed)", "")
                        + " as the others do; check the time column, or give --time-unit";
    }
}
