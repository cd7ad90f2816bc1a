package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** A residual connection, {@code y = x + branch}. */
public final class Add {
    private static final Kernels KERNELS = Kernels.active();

    private Add() {}

    /** Adds two tensors of the same shape into a new one. */
    public static Tensor apply(Tape tape, Tensor x, Tensor branch) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        System.arraycopy(x.data(), 0, y.data(), 0, x.size());
        KERNELS.axpy(x.size(), 1f, branch.data(), 0, y.data(), 0);
        tape.onBackward(y, x, branch, 0f, Add::backward);
        return y;
    }

    private static void backward(Tape tape, Tensor y, Tensor x, Tensor branch, float unused) {
        KERNELS.axpy(x.size(), 1f, y.grad(), 0, x.grad(), 0);
        KERNELS.axpy(x.size(), 1f, y.grad(), 0, branch.grad(), 0);
    }
}
