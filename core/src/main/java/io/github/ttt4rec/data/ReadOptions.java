package io.github.ttt4rec.data;

import io.github.ttt4rec.internal.Withers;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How to read an interaction log. {@link #defaults()} detects everything that can be detected and stops at the first
 * bad row.
 *
 * @param format the file's format
 * @param encoding name of the character set of text files, such as {@code windows-1252}; null for UTF-8, or UTF-16 and
 *     UTF-32 if the file starts with their byte order mark
 * @param delimiter the text between the fields of a delimited file; a blank stands for runs of blanks; null to detect
 *     it
 * @param header whether a delimited file's first line names the columns; without one, columns are given by number
 * @param skipLines the number of lines at the start of a text file to skip
 * @param comment the character that starts a comment line in a delimited file, or null if there are no comments except
 *     before the header
 * @param quotes whether fields of a delimited file may be quoted with {@code "} and then contain delimiters and line
 *     ends; if not, a quotation mark is an ordinary character, except around a whole field; null for quoted fields
 *     except in tab-separated files
 * @param escape the character that makes a quote or delimiter after it an ordinary character, or null for none
 * @param listSeparator the text between the ids in one field of the item column, or null if a field is one id
 * @param userColumn the name of the column with user ids, or its 1-based number, or null to find it by usual names
 * @param itemColumn the name or number of the column with item ids, or null to find it; if several are given, separated
 *     by commas, a row has several items
 * @param timeColumn the name or number of the column with times, or null to find it; if several are given, separated by
 *     commas, they are a date, a time of day, and numbers that order events at the same time
 * @param eventIdColumn the name or number of the column with event ids, or null to take one with the usual name if
 *     there is one; used only by readers that process a log row by row ({@link io.github.ttt4rec.data.read.EventLog})
 * @param typeColumn the name or number of the column with the types of events, such as view and buy; if null, it is
 *     found by its name if {@code types} names types
 * @param valueColumn the name or number of the column with the numbers that {@code types} compares, such as ratings, or
 *     null for none
 * @param types roles of events, such as {@code buy, view=input, *=ignored} or {@code >= 4, *=ignored}, or null if all
 *     events are prediction targets
 * @param fileOrder whether the order of the rows replaces times; the time column is then not read
 * @param timeUnit the unit of numeric times
 * @param timePattern the pattern of textual times in the notation of {@link java.time.format.DateTimeFormatter}, such
 *     as {@code M/d/yyyy H:mm}, or null for ISO dates and times
 * @param keepNaIds whether words such as NA and NULL are ids; if not, they mean a missing id
 * @param skipBadRows whether bad rows are dropped and counted; if not, the first one is an error
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

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException for a negative number of lines, or a comment or escape of several characters
     */
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

    /** Detects format, delimiter, columns and time unit, and stops at the first bad row. */
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

    /** These options with columns given by name or 1-based number; null detects a column. */
    public ReadOptions withColumns(
            @Nullable String userColumn, @Nullable String itemColumn, @Nullable String timeColumn) {
        return with(
                options -> options.userColumn(userColumn).itemColumn(itemColumn).timeColumn(timeColumn));
    }

    /**
     * These options with roles of events.
     *
     * @param typeColumn the column with the types; null to find it by its name if {@code types} names types
     * @param valueColumn the column with the numbers that {@code types} compares, or null for none
     * @param types the roles; null if all events are prediction targets
     */
    public ReadOptions withTypes(@Nullable String typeColumn, @Nullable String valueColumn, @Nullable String types) {
        return with(options ->
                options.typeColumn(typeColumn).valueColumn(valueColumn).types(types));
    }
}
