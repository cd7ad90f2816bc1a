package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import java.io.IOException;
import java.util.List;

/** Reads the rows of one format into a log. */
interface RowReader {
    /**
     * Reads all rows and reports bad ones to {@code badRows}.
     *
     * @return the columns and the number of rows
     */
    Rows read(SourceFile source, EventSink sink, TimeParser times, BadRows badRows) throws IOException;

    /**
     * The result of reading a file.
     *
     * @param format a description of the format
     * @param resolved options that read the file in the same way without detection, except for its times
     * @param columns the columns that were read
     * @param count the number of rows, including bad ones
     * @param malformedBytes the number of bytes anywhere in the file that were not UTF-8
     * @param hypotheses the decisions about the format
     * @param notices one line for each finding that is not an error
     */
    record Rows(
            String format,
            ReadOptions resolved,
            Columns columns,
            long count,
            long malformedBytes,
            List<ReadReport.Hypothesis> hypotheses,
            List<String> notices) {}
}
