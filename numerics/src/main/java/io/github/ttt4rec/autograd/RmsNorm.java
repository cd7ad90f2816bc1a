package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** RMSNorm (Zhang and Sennrich 2019): {@code y = gain·x/√(mean(x²) + ε)} for each row. */
public final class RmsNorm {
    private static final Kernels KERNELS = Kernels.active();

    private RmsNorm() {}

    /** Normalises every row of x {@code (N, d)}; gain {@code (d)}. */
    public static Tensor apply(Tape tape, Tensor x, Parameter gain, float epsilon) {
        int d = x.columns();
        Tensor y = tape.tensor(x.rows(), d);
        KERNELS.rmsNorm(x.rows(), d, x.data(), gain.value(), epsilon, y.data());
        tape.onBackward(y, x, gain, epsilon, RmsNorm::backward);
        return y;
    }

    private static void backward(Tape tape, Tensor y, Tensor x, Parameter gain, float epsilon) {
        KERNELS.rmsNormBackward(
                x.rows(), x.columns(), x.data(), gain.value(), epsilon, y.grad(), x.grad(), tape.gradient(gain));
    }
}
