package io.github.ttt4rec.data.read;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Dates and times written as one whole number, such as 20140131 or 201401312205. */
enum CompactDate {
    YEAR("yyyy", 9999),
    YEAR_MONTH("yyyyMM", 999_999),
    DATE("yyyyMMdd", 99_999_999),
    DATE_HOUR("yyyyMMddHH", 9_999_999_999L),
    DATE_MINUTE("yyyyMMddHHmm", 999_999_999_999L),
    DATE_SECOND("yyyyMMddHHmmss", 99_999_999_999_999L),
    DATE_MILLISECOND("yyyyMMddHHmmssSSS", 99_999_999_999_999_999L),
    SHORT_DATE("yyMMdd", 999_999),
    SHORT_MINUTE("yyMMddHHmm", 9_999_999_999L),
    SHORT_SECOND("yyMMddHHmmss", 999_999_999_999L),
    DAY_FIRST("ddMMyyyy", 99_999_999),
    MONTH_FIRST("MMddyyyy", 99_999_999),
    MONTH_DAY("MMdd", 1231);

    private static final int MIN_YEAR = 1994;
    private static final int MAX_YEAR = 2049;

    /** The year for {@link #MONTH_DAY}, which gives none; a leap year, so that every day exists. */
    static final int NO_YEAR = 2000;

    private static final int CENTURY_TURN = 50;

    private final String pattern;
    private final long max;

    CompactDate(String pattern, long max) {
        this.pattern = pattern;
        this.max = max;
    }

    /** The pattern as options accept it. */
    String pattern() {
        return pattern;
    }

    /**
     * Returns whether numbers of this form are almost certainly dates. The others also fit many order numbers, or other
     * dates.
     */
    boolean distinctive() {
        return switch (this) {
            case DATE, DATE_HOUR, DATE_MINUTE, DATE_SECOND, DATE_MILLISECOND, SHORT_SECOND -> true;
            case YEAR, YEAR_MONTH, SHORT_DATE, SHORT_MINUTE, DAY_FIRST, MONTH_FIRST, MONTH_DAY -> false;
        };
    }

    /**
     * The epoch microseconds of the date {@code number}; {@link Long#MIN_VALUE} if it is not a date of this form from
     * 1994 to 2049.
     */
    long micros(long number) {
        if (number < 0 || number > max) {
            return Long.MIN_VALUE;
        }
        return switch (this) {
            case YEAR -> micros(number, 1, 1, 0);
            case YEAR_MONTH -> micros(number / 100, number % 100, 1, 0);
            case DATE -> date(number, 0);
            case DATE_HOUR -> date(number / 100, seconds(number % 100, 0, 0));
            case DATE_MINUTE -> date(number / 10_000, seconds(number / 100 % 100, number % 100, 0));
            case DATE_SECOND -> date(number / 1_000_000, clock(number));
            case DATE_MILLISECOND -> {
                long whole = date(number / 1_000_000_000, clock(number / 1000));
                yield whole == Long.MIN_VALUE ? whole : whole + 1000 * (number % 1000);
            }
            case SHORT_DATE -> shortDate(number, 0);
            case SHORT_MINUTE -> shortDate(number / 10_000, seconds(number / 100 % 100, number % 100, 0));
            case SHORT_SECOND -> shortDate(number / 1_000_000, clock(number));
            case DAY_FIRST -> micros(number % 10_000, number / 10_000 % 100, number / 1_000_000, 0);
            case MONTH_FIRST -> micros(number % 10_000, number / 1_000_000, number / 10_000 % 100, 0);
            case MONTH_DAY -> micros(NO_YEAR, number / 100, number % 100, 0);
        };
    }

    private static long clock(long number) {
        return seconds(number / 10_000 % 100, number / 100 % 100, number % 100);
    }

    private static long seconds(long hour, long minute, long second) {
        return hour > 23 || minute > 59 || second > 59 ? -1 : 3600 * hour + 60 * minute + second;
    }

    private static long date(long number, long seconds) {
        return micros(number / 10_000, number / 100 % 100, number % 100, seconds);
    }

    private static long shortDate(long number, long seconds) {
        long year = number / 10_000;
        return micros(year + (year < CENTURY_TURN ? 2000 : 1900), number / 100 % 100, number % 100, seconds);
    }

    private static long micros(long year, long month, long day, long seconds) {
        boolean known = year == NO_YEAR || (year >= MIN_YEAR && year <= MAX_YEAR);
        if (!known || month < 1 || month > 12 || day < 1 || day > 31 || seconds < 0) {
            return Long.MIN_VALUE;
        }
        try {
            return 1_000_000
                    * (LocalDateTime.of((int) year, (int) month, (int) day, 0, 0)
                                    .toEpochSecond(ZoneOffset.UTC)
                            + seconds);
        } catch (DateTimeException e) {
            return Long.MIN_VALUE; // such as the 31st of April
        }
    }
}
