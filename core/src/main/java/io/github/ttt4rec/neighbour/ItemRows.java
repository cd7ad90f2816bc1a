package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.List;

/**
 * A sparse matrix of items by items in compressed rows.
 *
 * @param offsets {@code V + 2} entries: item h's row is at {@code offsets[h] .. offsets[h + 1] - 1}
 * @param items the columns, item indices
 * @param values the value of each entry
 */
record ItemRows(int[] offsets, int[] items, float[] values) {
    /** The row offsets, the columns and the values as tensors, in the form that {@link #load} reads. */
    List<TensorData> tensors(String columns, String entries) {
        return List.of(
                new TensorData.Ints("offsets", new int[] {offsets.length}, offsets),
                new TensorData.Ints(columns, new int[] {items.length}, items),
                new TensorData.Floats(entries, new int[] {values.length}, values));
    }

    /** The matrix that was saved as {@link #tensors} under these names. */
    static ItemRows load(TensorFile tables, String columns, String entries, int itemCount) {
        int[] offsets = tables.intsOfItems("offsets", itemCount + 2, itemCount);
        int[] items = tables.ints(columns, tables.shape(columns));
        tables.requireOffsets("offsets", items.length);
        tables.requireRange(columns, 1, itemCount);
        return new ItemRows(offsets, items, tables.floats(entries, items.length));
    }
}
