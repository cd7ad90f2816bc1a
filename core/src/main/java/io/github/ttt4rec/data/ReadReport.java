package io.github.ttt4rec.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading a file found out.
 *
 * @param format the format read, in words, such as {@code delimited by ',', gzip}
 * @param userColumn the column user ids came from
 * @param itemColumn the column item ids came from
 * @param timeColumn the column times came from, or null if the order of the rows stood in for them
 * @param times what the times are, in words, such as {@code epoch seconds}
 * @param ordinalTimes whether the times are mere order numbers, so that they have no date
 * @param rows the number of rows read, bad ones included
 * @param badRows the number of rows left out as bad
 * @param firstBadRows one line for each of the first bad rows
 * @param notices one line for each thing worth knowing that is no error
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
        List<String> notices) {}
