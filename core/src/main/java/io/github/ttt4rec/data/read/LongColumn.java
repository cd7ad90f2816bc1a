package io.github.ttt4rec.data.read;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** A growable column of longs in chunks, so that growing never copies and never needs twice the memory. */
final class LongColumn {
    private final List<long[]> chunks = new ArrayList<>();
    private long[] last = new long[0];
    private int used;

    /** Appends {@code value}. */
    public void add(long value) {
        if (used == last.length) {
            last = new long[IntColumn.CHUNK];
            chunks.add(last);
            used = 0;
        }
        last[used++] = value;
    }

    /** The value at {@code index}, which must be below {@link #size()}. */
    public long get(int index) {
        return chunks.get(index >>> IntColumn.SHIFT)[index & (IntColumn.CHUNK - 1)];
    }

    /** The number of values. */
    public long size() {
        return chunks.isEmpty() ? 0 : (chunks.size() - 1L) * IntColumn.CHUNK + used;
    }

    /** Replaces each value {@code v} by {@code operator} of {@code v}. */
    void replaceAll(LongUnaryOperator operator) {
        for (long[] chunk : chunks) {
            for (int i = 0; i < chunk.length; i++) {
                chunk[i] = operator.applyAsLong(chunk[i]);
            }
        }
    }

    /** Frees the memory; the column is empty afterwards. */
    public void clear() {
        chunks.clear();
        last = new long[0];
        used = 0;
    }
}
