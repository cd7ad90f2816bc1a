package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/**
 * Linear map to the catalogue and softmax cross-entropy in one operation: {@code Σ_i −log softmax(h_i·Eᵀ + b)[target_i]}, over
 * all V + 1 rows of the output layer (the padding row is zero, so its logit is 0, as in the published code). Works through a
 * few rows at a time, so memory grows with the catalogue, never with catalogue times batch; each logit is computed once.
 */
public final class CatalogueCrossEntropy {
    private static final Kernels KERNELS = Kernels.active();
    /** Logits held at once: 4 MB, which stays in a core's share of the last-level cache. */
    private static final int BUFFER = 1 << 20;

    private static final int MOST_ROWS = 64;
    /** Items taken at once when multiplying by the table: 64 KB of it at d = 64. */
    private static final int ITEMS = 256;

    private CatalogueCrossEntropy() {}

    /** The same over all rows of a table, without a bias. */
    public static double apply(Tape tape, Tensor hidden, int[] targets, Parameter table, float weight) {
        return apply(tape, hidden, targets, OutputLayer.of(table), weight);
    }

    /**
     * The sum of the losses. Where the tape records, also adds {@code weight} times the gradient to {@code hidden.grad()}
     * at once (it is the last operation of a pass) and to the gradients of the table and the bias.
     *
     * @param hidden {@code (n, d)}
     * @param targets item index of each row
     * @param output table and bias
     * @param weight factor of the gradient, such as 1/batch size for a mean
     */
    public static double apply(Tape tape, Tensor hidden, int[] targets, OutputLayer output, float weight) {
        Parameter table = output.table();
        Parameter bias = output.bias();
        int items = output.rows();
        int d = table.extent(1);
        int stride = stride(items);
        int most = Math.max(8, Math.min(MOST_ROWS, BUFFER / stride / 8 * 8));
        float[] logits = tape.lend(most * stride);
        float[] scaled = tape.lend(most * d);
        float[] product = tape.lend(most * d);
        float[] factors = tape.lend(most);
        double loss = 0;
        for (int from = 0; from < hidden.rows(); from += most) {
            int rows = Math.min(most, hidden.rows() - from);
            output.score(rows, hidden.data(), from * d, logits, stride);
            for (int r = 0; r < rows; r++) {
                int row = r * stride;
                double targetLogit = logits[row + targets[from + r]];
                float max = KERNELS.max(items, logits, row);
                float sum = KERNELS.expAndSum(items, logits, row, max);
                loss += Math.log(sum) + max - targetLogit;
                factors[r] = weight / sum;
            }
            if (!tape.isRecording()) {
                continue;
            }
            float[] dTable = tape.gradient(table);
            for (int r = 0; r < rows; r++) {
                KERNELS.scale(d, factors[r], hidden.data(), (from + r) * d, scaled, r * d);
            }
            for (int item = 0; item < items; item += ITEMS) {
                int count = Math.min(ITEMS, items - item);
                KERNELS.gemm(
                        rows, d, count, logits, item, stride, 1, table.value(), item * d, d, product, 0, d, item > 0);
                KERNELS.gemm(count, d, rows, logits, item, 1, stride, scaled, 0, d, dTable, item * d, d, true);
            }
            for (int r = 0; r < rows; r++) {
                int target = targets[from + r] * d;
                int h = (from + r) * d;
                KERNELS.axpy(d, factors[r], product, r * d, hidden.grad(), h);
                KERNELS.axpy(d, -weight, table.value(), target, hidden.grad(), h);
                KERNELS.axpy(d, -weight, hidden.data(), h, dTable, target);
            }
            if (bias != null) {
                float[] dBias = tape.gradient(bias);
                for (int r = 0; r < rows; r++) {
                    KERNELS.axpy(items, factors[r], logits, r * stride, dBias, 0);
                    dBias[targets[from + r]] -= weight;
                }
            }
        }
        return loss;
    }

    /** Distance between rows of logits: whole vectors, and no multiple of 4 KB, where rows would share cache sets. */
    private static int stride(int items) {
        int whole = (items + 15) / 16 * 16;
        return whole % 1024 == 0 ? whole + 16 : whole;
    }
}
