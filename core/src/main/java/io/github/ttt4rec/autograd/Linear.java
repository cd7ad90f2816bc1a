package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** A linear map without bias, {@code y = x·Wᵀ}: x {@code (N, in)}, W {@code (out, in)}, y {@code (N, out)}. */
public final class Linear {
    private static final Kernels KERNELS = Kernels.active();
    /** Rows of x and dy taken at once in the backward pass, so that both products find them in L1 and L2. */
    private static final int ROWS = 128;

    private Linear() {}

    /** Applies W to every row of x. */
    public static Tensor apply(Tape tape, Tensor x, Parameter weight) {
        int out = weight.extent(0);
        int in = weight.extent(1);
        Tensor y = tape.tensor(x.rows(), out);
        weight.packed().multiply(x.rows(), x.data(), 0, y.data(), 0, out, false);
        float[] dWeight = tape.gradient(weight);
        tape.onBackward(() -> {
            for (int r = 0; r < x.rows(); r += ROWS) {
                int rows = Math.min(ROWS, x.rows() - r);
                KERNELS.gemm(
                        rows, in, out, y.grad(), r * out, out, 1, weight.value(), 0, in, x.grad(), r * in, in, true);
                KERNELS.gemm(out, in, rows, y.grad(), r * out, 1, out, x.data(), r * in, in, dWeight, 0, in, true);
            }
        });
        return y;
    }
}
