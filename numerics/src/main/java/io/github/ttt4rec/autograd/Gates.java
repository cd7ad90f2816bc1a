package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** Element-wise gates. */
public final class Gates {
    private static final Kernels KERNELS = Kernels.active();

    private Gates() {}

    /** The inner product of SwiGLU (Shazeer 2020): {@code y = silu(gate)·up}, all of one shape. */
    public static Tensor silu(Tape tape, Tensor gate, Tensor up) {
        Tensor y = tape.tensor(gate.rows(), gate.columns());
        KERNELS.siluMultiply(y.size(), gate.data(), up.data(), y.data());
        tape.onBackward(
                () -> KERNELS.siluMultiplyBackward(y.size(), gate.data(), up.data(), y.grad(), gate.grad(), up.grad()));
        return y;
    }

    /** The gate of the Mamba backbone: {@code y = gelu(gate)·x}, GELU in its tanh form. */
    public static Tensor gelu(Tape tape, Tensor gate, Tensor x) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        KERNELS.geluMultiply(y.size(), gate.data(), x.data(), y.data());
        tape.onBackward(
                () -> KERNELS.geluMultiplyBackward(y.size(), gate.data(), x.data(), y.grad(), gate.grad(), x.grad()));
        return y;
    }
}
