package io.github.ttt4rec.train;

import io.github.ttt4rec.autograd.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Tracks the rows of a table that have a gradient in the current step, and the step in which each row was last updated. */
final class LazyRows {
    private final Parameter table;
    private final int[] lastUpdate;
    private final List<Touched> touched;

    private static final class Touched {
        private int[] rows = new int[1024];
        private int size;

        void add(int[] more, int count) {
            if (size + count > rows.length) {
                rows = Arrays.copyOf(rows, 2 * (size + count));
            }
            System.arraycopy(more, 0, rows, size, count);
            size += count;
        }
    }

    LazyRows(Parameter table, int workers) {
        this.table = table;
        lastUpdate = new int[table.extent(0)];
        touched = IntStream.range(0, workers).mapToObj(worker -> new Touched()).toList();
    }

    Parameter table() {
        return table;
    }

    /** The step in which each row was last updated; 0 if never. Not a copy. */
    int[] lastUpdate() {
        return lastUpdate;
    }

    /** Records that a worker wrote to the gradient of the first {@code count} rows given. Call it from the worker's thread. */
    void touch(int worker, int[] rows, int count) {
        touched.get(worker).add(rows, count);
    }

    /** Returns the rows touched since the last call and clears them: distinct, ascending, without the padding row 0. */
    int[] take() {
        int[] all = new int[touched.stream().mapToInt(some -> some.size).sum()];
        int size = 0;
        for (Touched some : touched) {
            System.arraycopy(some.rows, 0, all, size, some.size);
            size += some.size;
            some.size = 0;
        }
        Arrays.sort(all);
        int distinct = 0;
        int last = 0;
        for (int row : all) {
            if (row != last) {
                all[distinct++] = row;
                last = row;
            }
        }
        return Arrays.copyOf(all, distinct);
    }
}
