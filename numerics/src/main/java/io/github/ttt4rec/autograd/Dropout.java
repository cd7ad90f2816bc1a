package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/**
 * Inverted dropout: each element is zero with probability p and multiplied by 1/(1 − p) otherwise. The mask of a row
 * depends only on that row's seed, so it does not depend on how sequences are batched or divided among threads.
 */
public final class Dropout {
    private static final Kernels KERNELS = Kernels.active();

    private Dropout() {}

    /**
     * Applies dropout if the tape records; otherwise, or if the rate is 0, returns x itself.
     *
     * @param rate the probability p of dropping, in [0, 1), rounded to steps of 1/65536
     * @param rowSeeds the seed of each row of x
     */
    public static Tensor apply(Tape tape, Tensor x, float rate, long[] rowSeeds) {
        return apply(tape, x, rate, rowSeeds, 0);
    }

    /**
     * The same for a model with several dropouts.
     *
     * @param site the number of this dropout in the model; each site has different masks for the same row seeds
     */
    public static Tensor apply(Tape tape, Tensor x, float rate, long[] rowSeeds, int site) {
        if (!tape.isRecording() || rate == 0f) {
            return x;
        }
        int columns = x.columns();
        float[] mask = tape.lend(x.size());
        DropoutMask masks = new DropoutMask(rate);
        for (int r = 0; r < x.rows(); r++) {
            masks.fill(DropoutMask.state(rowSeeds[r], site), mask, r * columns, columns);
        }
        Tensor y = tape.tensor(x.rows(), columns);
        KERNELS.multiply(x.size(), x.data(), 0, mask, 0, y.data(), 0);
        tape.onBackward(y, x, mask, 0f, Dropout::backward);
        return y;
    }

    private static void backward(Tape tape, Tensor y, Tensor x, float[] mask, float unused) {
        KERNELS.multiplyAdd(x.size(), y.grad(), 0, mask, 0, x.grad(), 0);
    }
}
