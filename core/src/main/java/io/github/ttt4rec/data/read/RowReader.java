package io.github.ttt4rec.data.read;

import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import java.io.IOException;
import java.util.List;

/** Reads one format's rows into a log. */
interface RowReader {
    /**
     * Reads all rows, bad ones to {@code badRows}.
     *
     * @return which columns were read and how many rows there were
     */
    Rows read(SourceFile source, EventSink sink, TimeParser times, BadRows badRows) throws IOException;

    /**
     * A file that was read.
     *
     * @param format the format in words
     * @param resolved options that read the file in the same way without a guess, its times aside
     * @param columns the columns read
     * @param count the number of rows, bad ones included
     * @param malformedBytes how many bytes, wherever they stood, were not UTF-8
     * @param hypotheses the decisions about the format
     * @param notices one line for each thing worth knowing that is no error
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
