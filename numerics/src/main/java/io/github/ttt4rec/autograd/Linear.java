package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;

/** A linear map, {@code y = x·Wᵀ} or {@code y = x·Wᵀ + b}: x {@code (N, in)}, W {@code (out, in)}, b {@code (out)}, y {@code (N, out)}. */
public final class Linear {
    private static final Kernels KERNELS = Kernels.active();
    /** The number of rows of x and dy per block in the backward pass, so that both products find them in L1 and L2. */
    private static final int ROWS = 128;

    private Linear() {}

    /** Applies W to every row of x. */
    public static Tensor apply(Tape tape, Tensor x, Parameter weight) {
        int out = weight.extent(0);
        Tensor y = tape.tensor(x.rows(), out);
        weight.packed().multiply(x.rows(), x.data(), 0, y.data(), 0, out, false);
        tape.onBackward(y, x, weight, 0f, Linear::backward);
        return y;
    }

    /** Applies W to every row of x and adds b. */
    public static Tensor apply(Tape tape, Tensor x, Parameter weight, Parameter bias) {
        int out = weight.extent(0);
        Tensor y = tape.tensor(x.rows(), out);
        for (int r = 0; r < x.rows(); r++) {
            System.arraycopy(bias.value(), 0, y.data(), r * out, out);
        }
        weight.packed().multiply(x.rows(), x.data(), 0, y.data(), 0, out, true);
        tape.onBackward(y, x, weight, 0f, Linear::backward);
        tape.onBackward(y, x, bias, 0f, Linear::biasBackward);
        return y;
    }

    private static void biasBackward(Tape tape, Tensor y, Tensor x, Parameter bias, float unused) {
        KERNELS.addRows(x.rows(), y.columns(), y.grad(), 0, y.columns(), tape.gradient(bias), 0);
    }

    private static void backward(Tape tape, Tensor y, Tensor x, Parameter weight, float unused) {
        int out = weight.extent(0);
        int in = weight.extent(1);
        float[] dWeight = tape.gradient(weight);
        for (int r = 0; r < x.rows(); r += ROWS) {
            int rows = Math.min(ROWS, x.rows() - r);
            Matrix dy = Matrix.of(y.grad(), r * out, out);
            KERNELS.gemm(rows, in, out, dy, Matrix.of(weight.value(), 0, in), Matrix.of(x.grad(), r * in, in), true);
            KERNELS.gemm(
                    out, in, rows, dy.transposed(), Matrix.of(x.data(), r * in, in), Matrix.of(dWeight, 0, in), true);
        }
    }
}
