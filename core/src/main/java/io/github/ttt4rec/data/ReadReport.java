package io.github.ttt4rec.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The findings of reading a log.
 *
 * @param format the format read, in words, such as {@code delimited by ',', gzip}
 * @param userColumn the column user ids came from
 * @param itemColumn the column item ids came from
 * @param timeColumn the column times came from, or null if the order of the rows stood in for them
 * @param times the times in words, such as {@code epoch seconds}
 * @param ordinalTimes whether the times are mere order numbers, so that they have no date
 * @param rows the number of rows read, bad ones included
 * @param badRows the number of rows left out as bad
 * @param firstBadRows one line for each of the first bad rows
 * @param notices one line for each thing worth knowing that is no error
 * @param hypotheses each decision about the file, what speaks for it, and what else was looked at
 * @param firstEvents the first events as understood, in the order of the file
 * @param resolved options that read the log in the same way without a guess
 */
public record ReadReport(
        String format,
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
     * A decision about how a log is to be read.
     *
     * @param subject the part of the format decided on, such as {@code delimiter}
     * @param reading the decision
     * @param evidence the reasons for it, and against others
     */
    public record Hypothesis(String subject, String reading, String evidence) {}

    /** An event as understood: its ids, and its time (UTC) or order number. */
    public record FirstEvent(String user, String item, String time) {}

    /** The reading in one line. */
    public String summary() {
        return format + "; users \"" + userColumn + "\", items \"" + itemColumn + "\", "
                + (timeColumn == null ? "times: " : "times \"" + timeColumn + "\": ") + times
                + (resolved.types() == null ? "" : "; events by --types \"" + resolved.types() + "\"");
    }
}
