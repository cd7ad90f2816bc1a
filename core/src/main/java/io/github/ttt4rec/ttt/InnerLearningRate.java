package io.github.ttt4rec.ttt;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import java.util.Arrays;

/** The inner learning rate of token t in head h: {@code baseRate·σ(x_t·w_h + b_h)/f}. */
final class InnerLearningRate {
    private static final Kernels KERNELS = Kernels.active();

    private InnerLearningRate() {}

    /**
     * The same rate for all tokens and heads, {@code (N, H)}: the initial value of the learned rate,
     * {@code baseRate·σ(0)/f}.
     */
    static Tensor fixed(Tape tape, int rows, int heads, float factor) {
        Tensor rate = tape.tensor(rows, heads);
        Arrays.fill(rate.data(), 0, rate.size(), factor / 2);
        return rate;
    }

    /**
     * The learned rates of all tokens.
     *
     * @param x the layer's input {@code (N, d)}
     * @param weight {@code (H, 1, d)}
     * @param bias {@code (H, 1)}
     * @param factor baseRate/f
     * @return {@code (N, H)}
     */
    static Tensor apply(Tape tape, Tensor x, Parameter weight, Parameter bias, float factor) {
        int heads = weight.extent(0);
        int d = x.columns();
        Tensor rate = tape.tensor(x.rows(), heads);
        float[] logits = tape.lend(rate.size());
        KERNELS.gemmRows(
                x.rows(),
                heads,
                d,
                Matrix.of(x.data(), 0, d),
                Matrix.of(weight.value(), 0, d),
                Matrix.of(logits, 0, heads));
        for (int i = 0; i < rate.size(); i++) {
            logits[i] += bias.value()[i % heads];
        }
        KERNELS.sigmoid(rate.size(), factor, logits, rate.data());
        if (factor != 0f) {
            tape.onBackward(rate, x, weight, bias, factor, InnerLearningRate::backward);
        }
        return rate;
    }

    private static void backward(Tape tape, Tensor rate, Tensor x, Parameter weight, Parameter bias, float factor) {
        int heads = rate.columns();
        int d = x.columns();
        float[] dWeight = tape.gradient(weight);
        float[] dBias = tape.gradient(bias);
        for (int i = 0; i < rate.size(); i++) {
            float y = rate.data()[i];
            float d0 = rate.grad()[i] * y * (1f - y / factor);
            int h = i % heads;
            int t = i / heads;
            dBias[h] += d0;
            KERNELS.axpy(d, d0, x.data(), t * d, dWeight, h * d);
            KERNELS.axpy(d, d0, weight.value(), h * d, x.grad(), t * d);
        }
    }
}
