package io.github.ttt4rec.data;

import io.github.ttt4rec.internal.Withers;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How to read an interaction log. {@link #defaults()} guesses all there is to guess and stops at the first bad row.
 *
 * @param format the file's format
 * @param encoding name of the character set of text files, such as {@code windows-1252}; null for UTF-8, or UTF-16 and UTF-32 if
 *     the file starts with their byte order mark
 * @param delimiter the text between the fields of a delimited file, a blank for runs of blanks, or null to guess it
 * @param header whether a delimited file's first line names the columns; without one, columns are given by number
 * @param skipLines how many lines at the start of a text file are passed over
 * @param comment the character that starts a comment line in a delimited file, or null if no line is a comment, except in front
 *     of the header
 * @param quotes whether fields of a delimited file may be quoted with {@code "} and then hold delimiters and line ends; if not, a
 *     quotation mark is a character like others, except around a whole field. Null decides by the delimiter: not in tab-separated
 *     files
 * @param escape the character that takes the meaning from the quote or delimiter after it, or null without one
 * @param listSeparator the text between the ids in one field of the item column, or null if a field is one id
 * @param userColumn name of the column with user ids, or its 1-based number, or null to guess it from usual names
 * @param itemColumn name or number of the column with item ids, or null to guess it; several, separated by commas, give the
 *     items of a row one after the other
 * @param timeColumn name or number of the column with times, or null to guess it; several, separated by commas, are a date, a time
 *     of day, and numbers that order events of one time
 * @param eventIdColumn name or number of the column with event ids, or null to take one with the usual name if there is one; only
 *     readers that follow a log row by row ({@link io.github.ttt4rec.data.read.EventLog}) look at it
 * @param typeColumn name or number of the column with the types of events, such as view and buy, or null without
 * @param valueColumn name or number of the column with the numbers that {@code types} compares, such as ratings, or null without
 * @param types roles of events, such as {@code buy, view=input, *=ignored} or {@code >= 4, *=ignored}, or null
 *     if all are predicted
 * @param fileOrder whether the order of the rows stands in for times; the time column is then not read
 * @param timeUnit what numeric times count
 * @param timePattern pattern of textual times as {@link java.time.format.DateTimeFormatter} writes it, such as
 *     {@code M/d/yyyy H:mm}, or null for ISO dates and times
 * @param keepNaIds whether words such as NA and NULL are ids; if not, they stand for a missing id
 * @param skipBadRows whether bad rows are left out and counted; if not, the first one ends the reading
 */
@Withers
public record ReadOptions(
        FileFormat format,
        @Nullable String encoding,
        @Nullable String delimiter,
        boolean header,
        int skipLines,
        @Nullable String comment,
        @Nullable Boolean quotes,
        @Nullable String escape,
        @Nullable String listSeparator,
        @Nullable String userColumn,
        @Nullable String itemColumn,
        @Nullable String timeColumn,
        @Nullable String eventIdColumn,
        @Nullable String typeColumn,
        @Nullable String valueColumn,
        @Nullable String types,
        boolean fileOrder,
        EpochUnit timeUnit,
        @Nullable String timePattern,
        boolean keepNaIds,
        boolean skipBadRows)
        implements Serializable, ReadOptionsBuilder.With {

    /** Throws {@link IllegalArgumentException} for a negative number of lines, or a comment or escape of several characters. */
    public ReadOptions {
        if (skipLines < 0) {
            throw new IllegalArgumentException("skip_lines must not be negative");
        }
        if (comment != null && comment.length() != 1) {
            throw new IllegalArgumentException("comment must be one character, not \"" + comment + "\"");
        }
        if (escape != null && escape.length() != 1) {
            throw new IllegalArgumentException("escape must be one character, not \"" + escape + "\"");
        }
    }

    /** Guesses format, delimiter, columns and time unit; stops at the first bad row. */
    public static ReadOptions defaults() {
        return new ReadOptions(
                FileFormat.AUTO,
                null,
                null,
                true,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                EpochUnit.AUTO,
                null,
                false,
                false);
    }

    /** These options with columns by name or 1-based number; null guesses. */
    public ReadOptions withColumns(
            @Nullable String userColumn, @Nullable String itemColumn, @Nullable String timeColumn) {
        return with(
                options -> options.userColumn(userColumn).itemColumn(itemColumn).timeColumn(timeColumn));
    }

    /**
     * These options with roles of events.
     *
     * @param typeColumn with the types, or null without
     * @param valueColumn with the numbers that {@code types} compares, or null without
     * @param types the roles; null if all events are predicted
     */
    public ReadOptions withTypes(@Nullable String typeColumn, @Nullable String valueColumn, @Nullable String types) {
        return with(options ->
                options.typeColumn(typeColumn).valueColumn(valueColumn).types(types));
    }
}
