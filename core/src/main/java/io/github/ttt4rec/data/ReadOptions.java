package io.github.ttt4rec.data;

import org.jspecify.annotations.Nullable;

/**
 * How to read an interaction log. {@link #defaults()} guesses all there is to guess and stops at the first bad row.
 *
 * @param format the file's format
 * @param delimiter what separates the fields of a delimited file, or null to guess it from the first line
 * @param header whether a delimited file's first line names the columns; without one, columns are given by number
 * @param userColumn name of the column with user ids, or its 1-based number, or null to guess it from usual names
 * @param itemColumn name or number of the column with item ids, or null to guess it
 * @param timeColumn name or number of the column with times, or null to guess it
 * @param fileOrder whether the order of the rows stands in for times; the time column is then not read
 * @param timeUnit what numeric times count
 * @param timePattern pattern of textual times as {@link java.time.format.DateTimeFormatter} writes it, such as
 *     {@code M/d/yyyy H:mm}, or null for ISO dates and times
 * @param skipBadRows whether bad rows are left out and counted; if not, the first one ends the reading
 */
public record ReadOptions(
        FileFormat format,
        @Nullable String delimiter,
        boolean header,
        @Nullable String userColumn,
        @Nullable String itemColumn,
        @Nullable String timeColumn,
        boolean fileOrder,
        EpochUnit timeUnit,
        @Nullable String timePattern,
        boolean skipBadRows) {

    /** Guesses format, delimiter, columns and time unit; stops at the first bad row. */
    public static ReadOptions defaults() {
        return new ReadOptions(FileFormat.AUTO, null, true, null, null, null, false, EpochUnit.AUTO, null, false);
    }

    /** These options with {@code format}. */
    public ReadOptions withFormat(FileFormat format) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }

    /** These options with {@code delimiter}; null guesses. */
    public ReadOptions withDelimiter(@Nullable String delimiter) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }

    /** These options for a file with or without a header line. */
    public ReadOptions withHeader(boolean header) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }

    /** These options with columns by name or 1-based number; null guesses. */
    public ReadOptions withColumns(
            @Nullable String userColumn, @Nullable String itemColumn, @Nullable String timeColumn) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }

    /** These options with the order of rows in place of times, or not. */
    public ReadOptions withFileOrder(boolean fileOrder) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }

    /** These options with numeric times in {@code timeUnit}. */
    public ReadOptions withTimeUnit(EpochUnit timeUnit) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }

    /** These options with textual times as {@code timePattern} says; null means ISO. */
    public ReadOptions withTimePattern(@Nullable String timePattern) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }

    /** These options leaving bad rows out, or stopping at the first. */
    public ReadOptions withSkipBadRows(boolean skipBadRows) {
        return new ReadOptions(
                format,
                delimiter,
                header,
                userColumn,
                itemColumn,
                timeColumn,
                fileOrder,
                timeUnit,
                timePattern,
                skipBadRows);
    }
}
