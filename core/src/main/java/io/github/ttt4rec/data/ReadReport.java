package io.github.ttt4rec.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report on how a log was read.
 *
 * @param format a description of the format, such as {@code delimited by ',', gzip}
 * @param columns the names of all columns
 * @param userColumn the column of the user ids
 * @param itemColumn the column of the item ids
 * @param timeColumn the column of the times, or null if the order of the rows was used instead
 * @param times a description of the times, such as {@code epoch seconds}
 * @param ordinalTimes whether the times are only order numbers, which have no date
 * @param rows the number of rows read, including bad ones
 * @param badRows the number of bad rows that were dropped
 * @param firstBadRows one line for each of the first bad rows
 * @param notices one line for each finding that is not an error
 * @param hypotheses each decision about the file, with the evidence for it and the alternatives
 * @param firstEvents the first events as parsed, in file order
 * @param resolved options that read the log in the same way without detection
 */
public record ReadReport(
        String format,
        List<String> columns,
        String userColumn,
        String itemColumn,
        @Nullable String timeColumn,
        String times,
        boolean ordinalTimes,
        long rows,
        long badRows,
        List<String> firstBadRows,
        List<String> notices,
        List<Hypothesis> hypotheses,
        List<FirstEvent> firstEvents,
        ReadOptions resolved) {

    /**
     * A decision about how to read a log.
     *
     * @param subject the part of the format, such as {@code delimiter}
     * @param reading the decision
     * @param evidence the reasons for it and against the alternatives
     */
    public record Hypothesis(String subject, String reading, String evidence) {}

    /** An event as parsed: its ids, and its time (UTC) or order number. */
    public record FirstEvent(String user, String item, String time) {}

    /** A one-line summary of the report. */
    public String summary() {
        return format + "; users \"" + userColumn + "\", items \"" + itemColumn + "\", "
                + (timeColumn == null ? "times: " : "times \"" + timeColumn + "\": ") + times
                + (resolved.types() == null ? "" : "; events by --types \"" + resolved.types() + "\"");
    }
}
