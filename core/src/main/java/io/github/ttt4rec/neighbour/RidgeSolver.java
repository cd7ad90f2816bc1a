package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.neighbour.LinearItems.Regression;
import io.github.ttt4rec.neighbour.LinearItems.Sums;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Solves a {@link Regression} column by column, with each column restricted to the sources most correlated with its
 * target.
 */
final class RidgeSolver {
    /** The number of columns in a block; each block is solved by one thread. */
    private static final int BLOCK = 64;

    private final Dataset data;
    private final Split split;
    private final Regression regression;
    private final int neighbours;
    private final double lambda;
    private final int items;
    /** Training events by item: event n of item i is event {@code positions[n]} of {@code users[n]}. */
    private final int[] offsets;

    private final int[] users;
    private final int[] positions;
    /** Row i of SᵀS, as columns and values. */
    private final int[][] columns;

    private final float[][] values;
    private final double[] diagonal;
    /** Column j of B, as sources and weights. */
    private final int[][] sources;

    private final float[][] weights;

    RidgeSolver(Split split, Regression regression, int neighbours, double lambda) {
        this.split = split;
        this.data = split.data();
        this.regression = regression;
        this.neighbours = neighbours;
        this.lambda = lambda;
        items = data.itemCount();
        offsets = new int[items + 2];
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 0; p < split.trainingLength(user); p++) {
                offsets[data.item(user, p) + 1]++;
            }
        }
        Arrays.parallelPrefix(offsets, Integer::sum);
        users = new int[offsets[items + 1]];
        positions = new int[offsets[items + 1]];
        int[] next = offsets.clone();
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 0; p < split.trainingLength(user); p++) {
                int n = next[data.item(user, p)]++;
                users[n] = user;
                positions[n] = p;
            }
        }
        columns = new int[items + 1][];
        values = new float[items + 1][];
        diagonal = new double[items + 1];
        sources = new int[items + 1][];
        weights = new float[items + 1][];
    }

    /** The matrix B with a row for each source item, targets ascending. */
    ItemRows solve() {
        int blocks = (items + BLOCK - 1) / BLOCK;
        IntStream.range(0, blocks).parallel().forEach(block -> products(1 + block * BLOCK, end(block)));
        IntStream.range(0, blocks).parallel().forEach(block -> columns(1 + block * BLOCK, end(block)));
        return transposed();
    }

    private int end(int block) {
        return Math.min(items + 1, 1 + (block + 1) * BLOCK);
    }

    private void products(int from, int to) {
        Sums row = new Sums(items);
        for (int item = from; item < to; item++) {
            for (int n = offsets[item]; n < offsets[item + 1]; n++) {
                regression.addSource(data, users[n], split.trainingLength(users[n]), positions[n], row);
            }
            int[] found = Arrays.copyOf(row.items, row.size);
            Arrays.sort(found);
            columns[item] = found;
            values[item] = new float[found.length];
            for (int i = 0; i < found.length; i++) {
                values[item][i] = (float) row.values[found[i]];
            }
            diagonal[item] = row.values[item];
            row.clear();
        }
    }

    private void columns(int from, int to) {
        Sums column = new Sums(items);
        int[] place = new int[items + 1];
        for (int target = from; target < to; target++) {
            for (int n = offsets[target]; n < offsets[target + 1]; n++) {
                regression.addTarget(data, users[n], split.trainingLength(users[n]), positions[n], column);
            }
            int[] support = support(target, column);
            double[] matrix = new double[support.length * support.length];
            double[] right = new double[support.length];
            for (int i = 0; i < support.length; i++) {
                place[support[i]] = i + 1;
                right[i] = column.values[support[i]];
            }
            for (int i = 0; i < support.length; i++) {
                int source = support[i];
                for (int c = 0; c < columns[source].length; c++) {
                    int j = place[columns[source][c]] - 1;
                    if (j >= 0) {
                        matrix[i * support.length + j] = values[source][c];
                    }
                }
                matrix[i * support.length + i] = diagonal[source] + lambda;
            }
            for (int source : support) {
                place[source] = 0;
            }
            solve(support.length, matrix, right);
            sources[target] = support;
            weights[target] = new float[support.length];
            for (int i = 0; i < support.length; i++) {
                weights[target][i] = (float) right[i];
            }
            column.clear();
        }
    }

    /** The source items of a column, ascending. */
    private int[] support(int target, Sums column) {
        if (neighbours >= items) {
            return IntStream.rangeClosed(1, items)
                    .filter(item -> item != target || !regression.excludesItself())
                    .toArray();
        }
        long[] keys = new long[column.size];
        int count = 0;
        for (int i = 0; i < column.size; i++) {
            int item = column.items[i];
            if (item != target || !regression.excludesItself()) {
                keys[count++] = ItemOrder.key((float) (column.values[item] / Math.sqrt(diagonal[item] + lambda)), item);
            }
        }
        Arrays.sort(keys, 0, count);
        return Arrays.stream(keys, 0, Math.min(count, neighbours))
                .mapToInt(key -> (int) key)
                .sorted()
                .toArray();
    }

    /** Solves a symmetric positive definite system by Cholesky decomposition. Both arrays are overwritten. */
    static void solve(int n, double[] matrix, double[] right) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i * n + j];
                for (int k = 0; k < j; k++) {
                    sum -= matrix[i * n + k] * matrix[j * n + k];
                }
                matrix[i * n + j] = i == j ? Math.sqrt(sum) : sum / matrix[j * n + j];
            }
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                right[i] -= matrix[i * n + k] * right[k];
            }
            right[i] /= matrix[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                right[i] -= matrix[k * n + i] * right[k];
            }
            right[i] /= matrix[i * n + i];
        }
    }

    private ItemRows transposed() {
        int[] starts = new int[items + 2];
        for (int target = 1; target <= items; target++) {
            for (int source : sources[target]) {
                starts[source + 1]++;
            }
        }
        for (int item = 1; item <= items + 1; item++) {
            starts[item] = Math.addExact(starts[item], starts[item - 1]);
        }
        int[] next = starts.clone();
        int[] targets = new int[starts[items + 1]];
        float[] entries = new float[targets.length];
        for (int target = 1; target <= items; target++) {
            for (int i = 0; i < sources[target].length; i++) {
                int n = next[sources[target][i]]++;
                targets[n] = target;
                entries[n] = weights[target][i];
            }
        }
        return new ItemRows(starts, targets, entries);
    }
}
