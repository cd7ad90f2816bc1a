package io.github.ttt4rec.data.read;

import java.util.ArrayList;
import java.util.List;

/** A growable column of ints in chunks, so that growing never copies and never needs twice the memory. */
final class IntColumn {
    static final int SHIFT = 16;
    static final int CHUNK = 1 << SHIFT;

    private final List<int[]> chunks = new ArrayList<>();
    private int[] last = new int[0];
    private int used;

    /** Appends {@code value}. */
    public void add(int value) {
        if (used == last.length) {
            last = new int[CHUNK];
            chunks.add(last);
            used = 0;
        }
        last[used++] = value;
    }

    /** The value at {@code index}, which must be below {@link #size()}. */
    public int get(int index) {
        return chunks.get(index >>> SHIFT)[index & (CHUNK - 1)];
    }

    /** Replaces each value {@code v} by {@code replacements[v]}. */
    void replaceAll(int[] replacements) {
        for (int c = 0; c < chunks.size(); c++) {
            int[] chunk = chunks.get(c);
            int count = c == chunks.size() - 1 ? used : CHUNK;
            for (int i = 0; i < count; i++) {
                chunk[i] = replacements[chunk[i]];
            }
        }
    }

    /** The number of values. */
    public long size() {
        return chunks.isEmpty() ? 0 : (chunks.size() - 1L) * CHUNK + used;
    }

    /** Frees the memory; the column is empty afterwards. */
    public void clear() {
        chunks.clear();
        last = new int[0];
        used = 0;
    }
}
