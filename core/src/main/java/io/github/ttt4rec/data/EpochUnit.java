package io.github.ttt4rec.data;

import java.util.Locale;

/** The unit of the numbers in a time column. */
public enum EpochUnit {
    /** Detected once for the whole column: the only reading that fits all of its numbers and a plausible range. */
    AUTO("order numbers"),
    /** No unit: the numbers only give an order and are kept as they are. */
    ORDINAL("order numbers"),
    /** Days since 1970-01-01. */
    DAYS("days since 1970"),
    /** Days as spreadsheets count them, with 1899-12-30 as day 0. */
    EXCEL_DAYS("spreadsheet days"),
    /** Seconds since 1970-01-01T00:00Z. */
    SECONDS("epoch seconds"),
    /** Milliseconds since 1970-01-01T00:00Z. */
    MILLISECONDS("epoch milliseconds"),
    /** Microseconds since 1970-01-01T00:00Z. */
    MICROSECONDS("epoch microseconds"),
    /** Nanoseconds since 1970-01-01T00:00Z. */
    NANOSECONDS("epoch nanoseconds"),
    /** Ticks of .NET: tenths of a microsecond since 0001-01-01T00:00. */
    TICKS(".NET ticks");

    private final String description;

    EpochUnit(String description) {
        this.description = description;
    }

    /** The unit in words, such as {@code epoch seconds}. */
    public String description() {
        return description;
    }

    /** The unit's name in options, such as {@code excel-days}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
