package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import java.util.Arrays;

/**
 * Fuses the linear map to the catalogue with softmax cross-entropy: {@code Σ_i −log softmax(h_i·Eᵀ + b)[target_i]},
 * over all V + 1 rows of the output layer (the padding row is zero, so its logit is 0, as in the published code).
 * Processes a few rows at a time, so memory grows with the catalogue but not with the product of catalogue and batch.
 * Each logit is computed once. A tape has one object for each table, which all passes reuse.
 *
 * <p>The catalogue is divided into tiles. The logits of a tile are exponentiated while they are in L2, each row shifted
 * by its largest logit so far (Milakov and Gimelshein 2018, arXiv 1805.02867). The backward pass corrects the shift of
 * tiles that were processed before the row's maximum was found.
 */
public final class CatalogueCrossEntropy {
    private static final Kernels KERNELS = Kernels.active();
    /** The number of exponentials held at once: 8 MB, which fits a core's share of the last-level cache. */
    private static final int BUFFER = 1 << 21;

    private static final int MAX_ROWS = 128;
    /**
     * The number of items per tile: the rows of exponentials and the tile's part of the table together fill half of a
     * typical L2.
     */
    private static final int TILE = 8 * PackedMatrix.PANEL;
    /**
     * The distance between a tile's rows, in floats. It is not a multiple of 1 KB, because then rows would compete for
     * the same cache sets.
     */
    private static final int STRIDE = TILE + 16;

    private static final float[] NONE = {};

    private final int d;
    private int[] targets = {};
    private int items;
    private int tiles;
    private int most;
    /** Stored tile by tile and row by row: the logits, later {@code exp(logit − shift)}. */
    private float[] scores = NONE;
    /** The shift of each row of each tile. */
    private float[] shifts = NONE;

    private float[] max = NONE;
    private float[] sum = NONE;
    private float[] factors = NONE;
    private float[] scaled = NONE;
    private float[] product = NONE;

    private CatalogueCrossEntropy(Parameter table) {
        d = table.extent(1);
    }

    /** Prepares a pass, whose buffers are the tape's. */
    private void begin(Tape tape, int[] ofRows, int rowsOfTable) {
        targets = ofRows;
        items = rowsOfTable;
        tiles = (items + TILE - 1) / TILE;
        most = Math.max(8, Math.min(MAX_ROWS, BUFFER / (tiles * STRIDE) / 8 * 8));
        scores = tape.lend(Math.multiplyExact(tiles * most, STRIDE));
        shifts = tape.lend(tiles * most);
        max = tape.lend(most);
        sum = tape.lend(most);
        factors = tape.lend(most);
        scaled = tape.lend(most * d);
        product = tape.lend(most * d);
    }

    /** The same with the factor {@code weight} of every row's gradient. */
    public static double apply(Tape tape, Tensor hidden, int[] targets, OutputLayer output, float weight) {
        return apply(tape, hidden, targets, output, LossWeights.equal(weight));
    }

    /**
     * Returns the weighted sum of the losses. If the tape records, also adds its gradient, times the scale, to
     * {@code hidden.grad()}, immediately (it is the last operation of a pass), and to the gradients of the table and
     * the bias.
     *
     * @param hidden {@code (n, d)}
     * @param targets the target item of each row
     * @param output the table and the bias
     * @param weights the factors of the rows
     */
    public static double apply(Tape tape, Tensor hidden, int[] targets, OutputLayer output, LossWeights weights) {
        CatalogueCrossEntropy operation =
                tape.scratch(output.table(), CatalogueCrossEntropy.class, CatalogueCrossEntropy::new);
        operation.begin(tape, targets, output.rows());
        double loss = 0;
        for (int from = 0; from < hidden.rows(); from += operation.most) {
            int rows = Math.min(operation.most, hidden.rows() - from);
            loss += operation.forward(output, hidden, from, rows, weights);
            if (tape.isRecording()) {
                operation.backward(tape, output, hidden, from, rows, weights);
            }
        }
        return loss;
    }

    /** The index of the first element of row r of a tile. */
    private int at(int tile, int r) {
        return (tile * most + r) * STRIDE;
    }

    private int itemsOf(int tile) {
        return Math.min(TILE, items - tile * TILE);
    }

    /** Returns the weighted losses of rows {@code from .. from + rows − 1}, and stores their exponentials, shifts and sums. */
    private double forward(OutputLayer output, Tensor hidden, int from, int rows, LossWeights weights) {
        double loss = 0;
        Arrays.fill(max, 0, rows, Float.NEGATIVE_INFINITY);
        Arrays.fill(sum, 0, rows, 0f);
        for (int tile = 0; tile < tiles; tile++) {
            int first = tile * TILE;
            int count = itemsOf(tile);
            output.score(first, count, rows, hidden.data(), from * d, scores, at(tile, 0), STRIDE);
            for (int r = 0; r < rows; r++) {
                int row = at(tile, r);
                int target = targets[from + r] - first;
                if (target >= 0 && target < count) {
                    loss -= weights.ofLoss(from + r) * scores[row + target];
                }
                float larger = Math.max(max[r], KERNELS.max(count, scores, row));
                float before = sum[r] == 0f ? 0f : sum[r] * exp(max[r] - larger);
                sum[r] = before + KERNELS.expAndSum(count, scores, row, larger);
                max[r] = larger;
                shifts[tile * most + r] = larger;
            }
        }
        for (int r = 0; r < rows; r++) {
            loss += weights.ofLoss(from + r) * (Math.log(sum[r]) + max[r]);
        }
        return loss;
    }

    private void backward(Tape tape, OutputLayer output, Tensor hidden, int from, int rows, LossWeights weights) {
        Parameter table = output.table();
        float[] dTable = tape.gradient(table);
        float[] dBias = output.bias() == null ? null : tape.gradient(output.bias());
        for (int r = 0; r < rows; r++) {
            factors[r] = weights.ofGradient(from + r) / sum[r];
            KERNELS.scale(d, factors[r], hidden.data(), (from + r) * d, scaled, r * d);
        }
        for (int tile = 0; tile < tiles; tile++) {
            int first = tile * TILE;
            int count = itemsOf(tile);
            for (int r = 0; r < rows; r++) {
                float shift = shifts[tile * most + r];
                if (shift != max[r]) {
                    KERNELS.scale(count, exp(shift - max[r]), scores, at(tile, r), scores, at(tile, r));
                }
            }
            int tileAt = at(tile, 0);
            int itemAt = first * d;
            Matrix exponentials = Matrix.of(scores, tileAt, STRIDE);
            Matrix itemRows = Matrix.of(table.value(), itemAt, d);
            KERNELS.gemm(rows, d, count, exponentials, itemRows, Matrix.of(product, 0, d), tile > 0);
            Matrix dItems = Matrix.of(dTable, itemAt, d);
            KERNELS.gemm(count, d, rows, exponentials.transposed(), Matrix.of(scaled, 0, d), dItems, true);
            if (dBias != null) {
                for (int r = 0; r < rows; r++) {
                    KERNELS.axpy(count, factors[r], scores, at(tile, r), dBias, first);
                }
            }
        }
        for (int r = 0; r < rows; r++) {
            int target = targets[from + r];
            float weight = weights.ofGradient(from + r);
            int h = (from + r) * d;
            KERNELS.axpy(d, factors[r], product, r * d, hidden.grad(), h);
            KERNELS.axpy(d, -weight, table.value(), target * d, hidden.grad(), h);
            KERNELS.axpy(d, -weight, hidden.data(), h, dTable, target * d);
            if (dBias != null) {
                dBias[target] -= weight;
            }
        }
    }

    private static float exp(float x) {
        return (float) Math.exp(x);
    }
}
