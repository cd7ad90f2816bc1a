package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** Rows of a table: {@code y[t] = E[item[t]]}, E {@code (V + 1, d)}. */
public final class Embedding {
    private static final Kernels KERNELS = Kernels.active();

    private Embedding() {}

    /** Looks up the first {@code rows} of {@code items}; the result is {@code (rows, d)}. */
    public static Tensor apply(Tape tape, Parameter table, int[] items, int rows) {
        int d = table.extent(1);
        Tensor y = tape.tensor(rows, d);
        for (int t = 0; t < rows; t++) {
            System.arraycopy(table.value(), items[t] * d, y.data(), t * d, d);
        }
        tape.onBackward(y, table, items, 0f, Embedding::backward);
        return y;
    }

    private static void backward(Tape tape, Tensor y, Parameter table, int[] items, float unused) {
        int d = y.columns();
        float[] dTable = tape.gradient(table);
        for (int t = 0; t < y.rows(); t++) {
            KERNELS.axpy(d, 1f, y.grad(), t * d, dTable, items[t] * d);
        }
    }
}
