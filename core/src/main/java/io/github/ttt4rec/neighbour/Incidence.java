package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import java.util.Arrays;

/**
 * A sparse matrix of zeros and ones in compressed rows.
 *
 * @param offsets row r's ones are at {@code offsets[r] .. offsets[r + 1] - 1}
 * @param columns the column of each one
 */
record Incidence(int[] offsets, int[] columns) {
    /** Row r: the distinct items among the last {@code maxLen} training events of {@code users[r]}. */
    static Incidence ofTraining(Split split, int[] users, int maxLen) {
        Dataset data = split.data();
        int[] offsets = new int[users.length + 1];
        int[] columns = new int[data.eventCount()];
        int[] lastRow = new int[data.itemCount() + 1];
        int filled = 0;
        for (int row = 0; row < users.length; row++) {
            int end = split.trainingLength(users[row]);
            for (int p = Math.max(0, end - maxLen); p < end; p++) {
                int item = data.item(users[row], p);
                if (lastRow[item] != row + 1) {
                    lastRow[item] = row + 1;
                    columns[filled++] = item;
                }
            }
            offsets[row + 1] = filled;
        }
        return new Incidence(offsets, Arrays.copyOf(columns, filled));
    }

    /** The number of rows. */
    int rows() {
        return offsets.length - 1;
    }

    /** The number of ones in row {@code row}. */
    int count(int row) {
        return offsets[row + 1] - offsets[row];
    }

    /** The transposed matrix; the entries of its rows are ascending. All columns must be below {@code columnCount}. */
    Incidence transposed(int columnCount) {
        int[] starts = new int[columnCount + 1];
        for (int column : columns) {
            starts[column + 1]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] next = Arrays.copyOf(starts, columnCount);
        int[] entries = new int[columns.length];
        for (int row = 0; row < rows(); row++) {
            for (int i = offsets[row]; i < offsets[row + 1]; i++) {
                entries[next[columns[i]]++] = row;
            }
        }
        return new Incidence(starts, entries);
    }
}
