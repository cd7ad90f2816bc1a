package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;

/**
 * Some rows of an output layer, copied next to each other so that a few vectors can be multiplied by all of them at
 * once. The rest of the table is neither read nor written.
 */
final class CandidateRows {
    private static final Kernels KERNELS = Kernels.active();
    /** With fewer vectors than this, transposing the rows costs more than it saves. */
    private static final int TRANSPOSE = 5;

    private final Tape tape;
    private final OutputLayer output;
    private final int count;
    private final int d;
    private final int[] items;
    private final float[] rows;
    private final float[] transposed;
    private final float[] product;

    /** Space for {@code count} rows, lent by the tape. */
    CandidateRows(Tape tape, OutputLayer output, int count) {
        this.tape = tape;
        this.output = output;
        this.count = count;
        d = output.table().extent(1);
        items = new int[count];
        rows = tape.lend(count * d);
        transposed = tape.lend(count * d);
        product = tape.lend(count * d);
    }

    /** Sets row {@code at} to the row of {@code item}. */
    void set(int at, int item) {
        items[at] = item;
        System.arraycopy(output.table().value(), item * d, rows, at * d, d);
    }

    /** Sets the rows from {@code at} on to the rows of the items {@code from[start], from[start + 1], …}. */
    void setFrom(int at, int[] from, int start) {
        for (int c = at; c < count; c++) {
            set(c, from[start + c - at]);
        }
    }

    /** The item of row {@code at}. */
    int item(int at) {
        return items[at];
    }

    /** The scores {@code (vectors, count)} of {@code vectors} hidden vectors from row {@code from} on. */
    void score(int vectors, Tensor hidden, int from, float[] scores) {
        Matrix queries = Matrix.of(hidden.data(), from * d, d);
        Matrix result = Matrix.of(scores, 0, count);
        if (vectors < TRANSPOSE) {
            KERNELS.gemmRows(vectors, count, d, queries, Matrix.of(rows, 0, d), result);
        } else {
            for (int c = 0; c < count; c++) {
                for (int i = 0; i < d; i++) {
                    transposed[i * count + c] = rows[c * d + i];
                }
            }
            KERNELS.gemm(vectors, count, d, queries, Matrix.of(transposed, 0, count), result, false);
        }
        Parameter bias = output.bias();
        if (bias != null) {
            for (int r = 0; r < vectors; r++) {
                for (int c = 0; c < count; c++) {
                    scores[r * count + c] += bias.value()[items[c]];
                }
            }
        }
    }

    /**
     * Backward of {@link #score}: adds to the gradients of the hidden vectors, the table and the bias.
     *
     * @param slopes the derivatives of the loss with respect to the scores, {@code (vectors, count)}
     */
    void backward(int vectors, Tensor hidden, int from, float[] slopes) {
        Matrix dScores = Matrix.of(slopes, 0, count);
        KERNELS.gemm(vectors, d, count, dScores, Matrix.of(rows, 0, d), Matrix.of(hidden.grad(), from * d, d), true);
        Matrix queries = Matrix.of(hidden.data(), from * d, d);
        KERNELS.gemm(count, d, vectors, dScores.transposed(), queries, Matrix.of(product, 0, d), false);
        float[] dTable = tape.gradient(output.table());
        // One row at a time, because an item may have been drawn twice.
        for (int c = 0; c < count; c++) {
            KERNELS.axpy(d, 1f, product, c * d, dTable, items[c] * d);
        }
        Parameter bias = output.bias();
        if (bias != null) {
            float[] dBias = tape.gradient(bias);
            for (int r = 0; r < vectors; r++) {
                for (int c = 0; c < count; c++) {
                    dBias[items[c]] += slopes[r * count + c];
                }
            }
        }
    }

    /** The same for the score of one vector and one item. */
    void backwardOne(Tensor hidden, int row, int item, float slope) {
        KERNELS.axpy(d, slope, output.table().value(), item * d, hidden.grad(), row * d);
        KERNELS.axpy(d, slope, hidden.data(), row * d, tape.gradient(output.table()), item * d);
        Parameter bias = output.bias();
        if (bias != null) {
            tape.gradient(bias)[item] += slope;
        }
    }
}
