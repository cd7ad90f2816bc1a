package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** LayerNorm (Ba, Kiros, Hinton 2016) of each row, with gain and bias. */
public final class LayerNorm {
    private static final Kernels KERNELS = Kernels.active();

    private LayerNorm() {}

    /** Normalises every row of x {@code (N, d)}; gain and bias {@code (d)}. */
    public static Tensor apply(Tape tape, Tensor x, Parameter gain, Parameter bias, float epsilon) {
        int d = x.columns();
        Tensor y = tape.tensor(x.rows(), d);
        KERNELS.layerNorm(x.rows(), d, x.data(), 0, d, gain.value(), bias.value(), 0, epsilon, y.data(), 0, d);
        if (!tape.isRecording()) {
            return y;
        }
        float[] dGain = tape.gradient(gain);
        float[] dBias = tape.gradient(bias);
        tape.onBackward(() -> KERNELS.layerNormBackward(
                x.rows(),
                d,
                x.data(),
                0,
                d,
                gain.value(),
                0,
                epsilon,
                y.grad(),
                0,
                d,
                x.grad(),
                0,
                d,
                dGain,
                dBias,
                0));
        return y;
    }
}
