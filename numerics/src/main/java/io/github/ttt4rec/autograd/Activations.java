package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** Element-wise functions; see {@link Gates} for those that are multiplied by another tensor. */
public final class Activations {
    private static final Kernels KERNELS = Kernels.active();

    private Activations() {}

    /** GELU (Hendrycks and Gimpel 2016) in its exact form, {@code y = x·Φ(x) = x·½(1 + erf(x/√2))}. */
    public static Tensor gelu(Tape tape, Tensor x) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        KERNELS.normalGelu(x.size(), x.data(), y.data());
        if (!tape.isRecording()) {
            return y;
        }
        tape.onBackward(() -> KERNELS.normalGeluBackward(x.size(), x.data(), y.grad(), x.grad()));
        return y;
    }

    /** {@code y = x·σ(x)}. */
    public static Tensor silu(Tape tape, Tensor x) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        KERNELS.silu(x.size(), x.data(), y.data());
        if (!tape.isRecording()) {
            return y;
        }
        tape.onBackward(() -> KERNELS.siluBackward(x.size(), x.data(), y.grad(), x.grad()));
        return y;
    }

    /** {@code y = log(1 + eˣ)}. */
    public static Tensor softplus(Tape tape, Tensor x) {
        Tensor y = tape.tensor(x.rows(), x.columns());
        KERNELS.softplus(x.size(), x.data(), y.data());
        if (!tape.isRecording()) {
            return y;
        }
        tape.onBackward(() -> KERNELS.softplusBackward(x.size(), x.data(), y.grad(), x.grad()));
        return y;
    }
}
