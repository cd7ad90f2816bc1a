package io.github.ttt4rec.data.internal;

import java.io.IOException;

/** Reads one format's rows into a log. */
interface RowReader {
    /**
     * Reads all rows, bad ones to {@code badRows}.
     *
     * @return which columns were read and how many rows there were
     */
    Rows read(SourceFile source, InteractionLog log, TimeParser times, BadRows badRows) throws IOException;

    /**
     * What was read.
     *
     * @param format the format in words
     * @param columns the columns read
     * @param count the number of rows, bad ones included
     * @param malformedBytes how many bytes, wherever they stood, were not UTF-8
     */
    record Rows(String format, Columns columns, long count, long malformedBytes) {}
}
