package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.EpochUnit;
import io.github.ttt4rec.data.EventTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides on the meaning of the numbers in a time column. A reading is possible if it fits every number and gives times
 * from 1994 to 2099, or if the numbers may be order numbers. The column is ambiguous unless exactly one reading is
 * possible.
 */
final class NumberReadings {
    private static final double MIN_SECONDS = 757_382_400; // 1994-01-01
    private static final double MAX_SECONDS = 4_102_444_800.0; // 2100-01-01
    private static final double SECONDS_PER_DAY = 86_400;

    /** Days from 1899-12-30, day 0 of spreadsheets, to 1970-01-01. */
    private static final double EXCEL_EPOCH_DAY = 25_569;

    /** Seconds from 0001-01-01 to 1970-01-01. */
    private static final double TICKS_EPOCH_SECOND = 62_135_596_800.0;

    /** Larger numbers are not order numbers, because no log has that many events. */
    private static final double MAX_ORDER = 1e8;

    private static final int MIN_TIMES_OF_DAY = 3;

    /** Ten o'clock as HHmmss; smaller numbers may be order numbers. */
    private static final int MIN_TIME_OF_DAY = 100_000;

    /** The smallest order number is below this, or less than half of the largest. */
    private static final double MAX_FIRST_ORDER = 1000;

    /** The end of the year 9999; later readings are not shown. */
    private static final double MAX_SHOWN_SECONDS = 60_000_000_000.0;

    private static final List<EpochUnit> UNITS = List.of(
            EpochUnit.SECONDS,
            EpochUnit.MILLISECONDS,
            EpochUnit.MICROSECONDS,
            EpochUnit.NANOSECONDS,
            EpochUnit.TICKS,
            EpochUnit.EXCEL_DAYS,
            EpochUnit.DAYS);

    /**
     * A possible meaning of a column.
     *
     * @param words its description
     * @param unit the unit of the numbers, as {@code --time-unit} takes it
     * @param pattern the pattern of the dates, as {@code --time-pattern} takes it, or null if the numbers have a unit
     * @param scale the conversion of values to microseconds
     */
    record Reading(String words, EpochUnit unit, @Nullable String pattern, TimeScale scale) {
        /** The option that selects this reading. */
        String option() {
            return pattern == null ? "--time-unit " + unit.word() : "--time-pattern " + pattern;
        }
    }

    private long count;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private final Set<CompactDate> dates = EnumSet.allOf(CompactDate.class);
    private boolean timesOfDay = true;

    /** Adds a whole number of the column that is written with a leading zero and {@code digits} digits in total. */
    void addZeroLed(int digits) {
        dates.removeIf(date -> date.pattern().length() != digits);
    }

    /** Adds a whole number of the column. */
    void add(long number) {
        count++;
        min = Math.min(min, number);
        max = Math.max(max, number);
        timesOfDay = timesOfDay && number >= 0 && number < 240_000 && number / 100 % 100 < 60 && number % 100 < 60;
        if (!dates.isEmpty()) {
            dates.removeIf(date -> date.micros(number) == Long.MIN_VALUE);
        }
    }

    /** Adds a number with a fraction. */
    void addFraction(double number) {
        count++;
        timesOfDay = false;
        dates.clear();
        min = Math.min(min, number);
        max = Math.max(max, number);
    }

    long count() {
        return count;
    }

    /** The seconds since 1970 of {@code number} in {@code unit}. */
    private static double seconds(EpochUnit unit, double number) {
        return switch (unit) {
            case AUTO, ORDINAL -> throw new IllegalArgumentException(unit + " counts nothing");
            case DAYS -> number * SECONDS_PER_DAY;
            case EXCEL_DAYS -> (number - EXCEL_EPOCH_DAY) * SECONDS_PER_DAY;
            case SECONDS -> number;
            case MILLISECONDS -> number / 1e3;
            case MICROSECONDS -> number / 1e6;
            case NANOSECONDS -> number / 1e9;
            case TICKS -> number / 1e7 - TICKS_EPOCH_SECOND;
        };
    }

    /**
     * The reading for a given unit.
     *
     * @param scaled the factor by which each value was multiplied to hold fractions
     */
    static Reading of(EpochUnit unit, long scaled) {
        TimeScale scale = unit == EpochUnit.AUTO || unit == EpochUnit.ORDINAL
                ? TimeScale.order()
                : new TimeScale(false, toMicros(unit, scaled), scaled);
        return new Reading(unit.description(), unit, null, scale);
    }

    private static LongUnaryOperator toMicros(EpochUnit unit, long scaled) {
        // A scaled value is in millionths.
        boolean millionths = scaled != 1;
        return switch (unit) {
            case AUTO, ORDINAL -> LongUnaryOperator.identity();
            case DAYS -> value -> millionths ? value * 86_400 : value * 86_400_000_000L;
            case EXCEL_DAYS ->
                millionths ? value -> (value - 25_569_000_000L) * 86_400 : value -> (value - 25_569) * 86_400_000_000L;
            case SECONDS -> millionths ? LongUnaryOperator.identity() : value -> value * 1_000_000;
            case MILLISECONDS -> millionths ? value -> Math.floorDiv(value, 1000L) : value -> value * 1000;
            case MICROSECONDS -> value -> Math.floorDiv(value, scaled);
            case NANOSECONDS -> value -> Math.floorDiv(value, 1000 * scaled);
            case TICKS -> value -> Math.floorDiv(value, 10 * scaled) - 62_135_596_800_000_000L;
        };
    }

    /** All possible readings, the likeliest first. */
    List<Reading> fitting(long scaled) {
        List<Reading> found = new ArrayList<>();
        for (EpochUnit unit : UNITS) {
            if (seconds(unit, min) >= MIN_SECONDS && seconds(unit, max) < MAX_SECONDS) {
                found.add(of(unit, scaled));
            }
        }
        boolean distinctive = false;
        for (CompactDate date : dates) {
            distinctive |= date.distinctive();
            found.add(new Reading(
                    "dates written " + date.pattern(),
                    EpochUnit.AUTO,
                    date.pattern(),
                    new TimeScale(false, date::micros, 1)));
        }
        if (!distinctive && min >= 0 && max < MAX_ORDER) {
            found.add(of(EpochUnit.ORDINAL, scaled));
        }
        boolean orderOnly = found.size() == 1 && isOrder(found.getFirst());
        if (orderOnly && (areTimesOfDay() || (min > MAX_FIRST_ORDER && 2 * min > max))) {
            return List.of(); // no epoch starts there
        }
        return List.copyOf(found);
    }

    /** Returns whether all numbers are times of day in the form HHmmss, which few order numbers are by chance. */
    private boolean areTimesOfDay() {
        return timesOfDay && count >= MIN_TIMES_OF_DAY && max >= MIN_TIME_OF_DAY;
    }

    private static boolean isOrder(Reading reading) {
        return reading.scale().ordinal();
    }

    /** Explains why no single reading is possible, and which option selects each. */
    String problem(List<Reading> fitting, long scaled) {
        String range = count == 1 ? number(min) : number(min) + " to " + number(max);
        if (fitting.isEmpty() && areTimesOfDay()) {
            return "the numbers " + range + " may be times of day written HHmmss, without a date; name both columns, as"
                    + " --time-column " + TimeParser.DATE_AND_TIME
                    + ", or say that they only give an order (--time-unit ordinal)";
        }
        if (fitting.isEmpty()) {
            String readings = UNITS.stream()
                    .filter(unit -> seconds(unit, max) >= MIN_SECONDS && seconds(unit, max) < MAX_SECONDS)
                    .map(unit -> described(of(unit, scaled), scaled))
                    .collect(Collectors.joining(", or "));
            return "no unit makes " + range + " the times of a log; "
                    + (readings.isEmpty() ? "" : "if they are " + readings + ", say so, or else ")
                    + "name the unit (--time-unit seconds, milliseconds, microseconds, nanoseconds, ticks, days or excel-days), or say that"
                    + " they only give an order (--time-unit ordinal)";
        }
        return "the numbers " + range + " may be "
                + fitting.stream().map(reading -> described(reading, scaled)).collect(Collectors.joining(", or "))
                + "; say which";
    }

    /** The time span under each unit, possible readings first. */
    String evidence(long scaled) {
        List<String> others = new ArrayList<>();
        for (EpochUnit unit : UNITS) {
            double from = seconds(unit, min);
            double to = seconds(unit, max);
            boolean fits = from >= MIN_SECONDS && to < MAX_SECONDS;
            if (!fits && Math.abs(from) < MAX_SHOWN_SECONDS && Math.abs(to) < MAX_SHOWN_SECONDS) {
                others.add(unit.word() + " would give "
                        + Instant.ofEpochSecond((long) from).toString().substring(0, 10) + " to "
                        + Instant.ofEpochSecond((long) to).toString().substring(0, 10));
            }
        }
        List<String> all = new ArrayList<>(fitting(scaled).stream()
                .map(reading -> described(reading, scaled))
                .toList());
        all.addAll(others);
        return count + " numbers from " + number(min) + " to " + number(max) + ": " + String.join("; ", all);
    }

    private String described(Reading reading, long scaled) {
        String span = "";
        if (!isOrder(reading)) {
            long factor = scaled;
            span = " from " + new EventTime(reading.scale().toMicros().applyAsLong(Math.round(min * factor)), true)
                    + " to " + new EventTime(reading.scale().toMicros().applyAsLong(Math.round(max * factor)), true);
        }
        return reading.words() + span + " (" + reading.option() + ")";
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.6f", value).replaceFirst("0+$", "");
    }
}
