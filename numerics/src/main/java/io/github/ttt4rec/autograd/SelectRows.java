package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** Some rows of a tensor: {@code y[i] = x[rows[i]]}. */
public final class SelectRows {
    private static final Kernels KERNELS = Kernels.active();

    private SelectRows() {}

    /** Copies the given rows, in the given order. */
    public static Tensor apply(Tape tape, Tensor x, int[] rows) {
        int d = x.columns();
        Tensor y = tape.tensor(rows.length, d);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(x.data(), rows[i] * d, y.data(), i * d, d);
        }
        if (!tape.isRecording()) {
            return y;
        }
        tape.onBackward(() -> {
            for (int i = 0; i < rows.length; i++) {
                KERNELS.axpy(d, 1f, y.grad(), i * d, x.grad(), rows[i] * d);
            }
        });
        return y;
    }
}
