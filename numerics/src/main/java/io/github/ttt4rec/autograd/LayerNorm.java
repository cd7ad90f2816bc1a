package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Affine;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import io.github.ttt4rec.kernels.RowNorm;

/** LayerNorm (Ba, Kiros, Hinton 2016) of each row, with gain and bias. */
public final class LayerNorm {
    private static final Kernels KERNELS = Kernels.active();

    private LayerNorm() {}

    /** Normalises every row of x {@code (N, d)}; gain and bias {@code (d)}. */
    public static Tensor apply(Tape tape, Tensor x, Parameter gain, Parameter bias, float epsilon) {
        int d = x.columns();
        Tensor y = tape.tensor(x.rows(), d);
        KERNELS.layerNorm(x.rows(), norm(gain, bias, epsilon), Matrix.of(x.data(), 0, d), Matrix.of(y.data(), 0, d));
        tape.onBackward(y, x, gain, bias, epsilon, LayerNorm::backward);
        return y;
    }

    private static void backward(Tape tape, Tensor y, Tensor x, Parameter gain, Parameter bias, float epsilon) {
        int d = x.columns();
        KERNELS.layerNormBackward(
                x.rows(),
                norm(gain, bias, epsilon),
                Matrix.of(x.data(), 0, d),
                Matrix.of(y.grad(), 0, d),
                Matrix.of(x.grad(), 0, d),
                new Affine(tape.gradient(gain), tape.gradient(bias), 0));
    }

    private static RowNorm norm(Parameter gain, Parameter bias, float epsilon) {
        return new RowNorm(new Affine(gain.value(), bias.value(), 0), gain.size(), epsilon);
    }
}
