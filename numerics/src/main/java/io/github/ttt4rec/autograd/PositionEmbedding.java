package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/**
 * Learned position embeddings (Vaswani et al. 2017, section 3.5): {@code y[t] = x[t] + P[position[t]]}, P
 * {@code (max_len, d)}.
 */
public final class PositionEmbedding {
    private static final Kernels KERNELS = Kernels.active();

    private PositionEmbedding() {}

    /**
     * Adds to each row of x {@code (N, d)} the table row of its position.
     *
     * @throws IllegalArgumentException if a position is beyond the table
     */
    public static Tensor apply(Tape tape, Tensor x, Parameter table, int[] positions) {
        int d = x.columns();
        Tensor y = tape.tensor(x.rows(), d);
        System.arraycopy(x.data(), 0, y.data(), 0, x.size());
        for (int t = 0; t < x.rows(); t++) {
            if (positions[t] >= table.extent(0)) {
                throw new IllegalArgumentException(
                        "position " + positions[t] + " of a sequence, but the model knows " + table.extent(0));
            }
            KERNELS.axpy(d, 1f, table.value(), positions[t] * d, y.data(), t * d);
        }
        if (!tape.isRecording()) {
            return y;
        }
        float[] dTable = tape.gradient(table);
        tape.onBackward(() -> {
            KERNELS.axpy(x.size(), 1f, y.grad(), 0, x.grad(), 0);
            for (int t = 0; t < x.rows(); t++) {
                KERNELS.axpy(d, 1f, y.grad(), t * d, dTable, positions[t] * d);
            }
        });
        return y;
    }
}
