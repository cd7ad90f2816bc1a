package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.flink.state.Row;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a file row by row. */
public interface RowReader extends Closeable {
    /** Returns the next row, good or bad; null after the last row. */
    @Nullable Row next() throws IOException;
}
