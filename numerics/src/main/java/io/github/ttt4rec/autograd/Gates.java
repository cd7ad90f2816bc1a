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
        tape.onBackward(y, gate, up, 0f, Gates::siluBackward);
        return y;
    }

    private static void siluBackward(Tape tape, Tensor y, Tensor gate, Tensor up, float unused) {
        KERNELS.siluMultiplyBackward(y.size(), gate.data(), up.data(), y.grad(), gate.grad(), up.grad());
    }

    /** The gate of the Mamba backbone: {@code y = gelu(gate)·x}, GELU in its tanh form. */
    public static Tensor gelu(Tape tape, Tensor gate, Tensor x) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        KERNELS.geluMultiply(y.size(), gate.data(), x.data(), y.data());
        tape.onBackward(y, gate, x, 0f, Gates::geluBackward);
        return y;
    }

    private static void geluBackward(Tape tape, Tensor y, Tensor gate, Tensor x, float unused) {
        KERNELS.geluMultiplyBackward(y.size(), gate.data(), x.data(), y.grad(), gate.grad(), x.grad());
    }

    /** The gate of LiGR layers (arXiv 2502.03417): {@code y = σ(gate)·x}, all of one shape. */
    public static Tensor sigmoid(Tape tape, Tensor gate, Tensor x) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        float[] gates = tape.lend(y.size());
        for (int i = 0; i < y.size(); i++) {
            gates[i] = (float) (1 / (1 + Math.exp(-gate.data()[i])));
            y.data()[i] = gates[i] * x.data()[i];
        }
        if (!tape.isRecording()) {
            return y;
        }
        tape.onBackward(() -> {
            for (int i = 0; i < y.size(); i++) {
                float slope = gates[i] * (1 - gates[i]);
                gate.grad()[i] += y.grad()[i] * x.data()[i] * slope;
                x.grad()[i] += y.grad()[i] * gates[i];
            }
        });
        return y;
    }
}
