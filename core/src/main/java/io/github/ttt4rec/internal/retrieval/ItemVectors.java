package io.github.ttt4rec.internal.retrieval;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.PackedMatrix;
import io.github.ttt4rec.kernels.CodeKernels;

/**
 * The vectors by which query vectors are multiplied: the rows of an output layer, each followed by the item's values in
 * additional columns. The layer's table is shared, not copied, so a column costs 4 bytes per item. All methods sum in
 * the same order, with one chain of fused multiply-adds that starts from the bias, so their results are bit-identical.
 *
 * @param layer the layer, of d dimensions
 * @param columns arrays of {@code V + 1} values by item index, shared; none for the layer alone
 */
public record ItemVectors(OutputLayer layer, float[]... columns) {
    /** Checks that each column has an entry for each row of the layer. */
    public ItemVectors {
        for (float[] column : columns) {
            if (column.length != layer.rows()) {
                throw new IllegalArgumentException(
                        "a column has " + column.length + " values, but the layer " + layer.rows() + " rows");
            }
        }
    }

    /** V + 1: the number of items, plus padding as row 0. */
    public int rows() {
        return layer.rows();
    }

    /** The number of dimensions, including the additional columns. */
    public int size() {
        return networkSize() + columns.length;
    }

    /** The number of dimensions of the layer. */
    int networkSize() {
        return layer.table().extent(1);
    }

    /** Element {@code p} of an item's vector. */
    float value(int item, int p) {
        int d = networkSize();
        return p < d ? layer.table().value()[item * d + p] : columns[p - d][item];
    }

    /** The bias of an item; 0 if the layer has no biases. */
    float bias(int item) {
        return layer.bias() == null ? 0 : layer.bias().value()[item];
    }

    /** Returns whether all vectors and biases, and their squares, are finite. */
    boolean isFinite() {
        for (int item = 1; item < rows(); item++) {
            boolean finite = Math.abs(bias(item)) < 1e15f;
            for (int p = 0; p < size(); p++) {
                finite &= Math.abs(value(item, p)) < 1e15f;
            }
            if (!finite) {
                return false;
            }
        }
        return true;
    }

    /** The scores of all items for some query vectors: queries {@code (count, size)}, scores {@code (count, V + 1)}. */
    public void score(int count, float[] queries, float[] scores) {
        layer.score(count, networkPart(count, queries), scores);
        addColumns(0, rows(), count, queries, scores, rows());
    }

    /** The scores of some panels of items; see {@link OutputLayer#scorePanels}. */
    void scorePanels(int firstPanel, int lastPanel, int count, float[] queries, float[] scores, int stride) {
        layer.scorePanels(firstPanel, lastPanel, count, networkPart(count, queries), scores, stride);
        int from = firstPanel * PackedMatrix.PANEL;
        addColumns(from, Math.min(rows(), lastPanel * PackedMatrix.PANEL), count, queries, scores, stride);
    }

    /** The scores of the first {@code count} of {@code items} for one query vector. */
    public void score(CodeKernels kernels, float[] query, int[] items, int count, float[] scores) {
        for (int i = 0; i < count; i++) {
            scores[i] = bias(items[i]);
        }
        kernels.rowProducts(count, networkSize(), query, 0, layer.table().value(), items, scores);
        for (int c = 0; c < columns.length; c++) {
            float factor = query[networkSize() + c];
            float[] column = columns[c];
            for (int i = 0; i < count; i++) {
                scores[i] = Math.fma(factor, column[items[i]], scores[i]);
            }
        }
    }

    private void addColumns(int from, int to, int count, float[] queries, float[] scores, int stride) {
        for (int r = 0; r < count; r++) {
            for (int c = 0; c < columns.length; c++) {
                float factor = queries[r * size() + networkSize() + c];
                float[] column = columns[c];
                int offset = r * stride - from;
                for (int item = from; item < to; item++) {
                    scores[offset + item] = Math.fma(factor, column[item], scores[offset + item]);
                }
            }
        }
    }

    /** The first d elements of each query vector, in adjacent rows. */
    private float[] networkPart(int count, float[] queries) {
        int d = networkSize();
        if (columns.length == 0) {
            return queries;
        }
        float[] part = new float[count * d];
        for (int r = 0; r < count; r++) {
            System.arraycopy(queries, r * size(), part, r * d, d);
        }
        return part;
    }
}
