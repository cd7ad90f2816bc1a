package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** Adjacent columns of a tensor: {@code y[t, c] = x[t, from + c]}. */
public final class SelectColumns {
    private static final Kernels KERNELS = Kernels.active();

    private SelectColumns() {}

    /** Copies columns {@code from .. from + count − 1}. */
    public static Tensor apply(Tape tape, Tensor x, int from, int count) {
        int columns = x.columns();
        Tensor y = tape.tensor(x.rows(), count);
        for (int t = 0; t < x.rows(); t++) {
            System.arraycopy(x.data(), t * columns + from, y.data(), t * count, count);
        }
        if (!tape.isRecording()) {
            return y;
        }
        tape.onBackward(() -> {
            for (int t = 0; t < x.rows(); t++) {
                KERNELS.axpy(count, 1f, y.grad(), t * count, x.grad(), t * columns + from);
            }
        });
        return y;
    }
}
