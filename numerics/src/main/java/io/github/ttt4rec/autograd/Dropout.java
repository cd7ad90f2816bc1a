package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/**
 * Inverted dropout: each element is zero with probability p, else multiplied by 1/(1 − p). The mask of a row depends on
 * that row's seed alone, so it is the same however sequences are batched or spread over threads.
 */
public final class Dropout {
    private static final Kernels KERNELS = Kernels.active();

    private Dropout() {}

    /**
     * Applies dropout in training; where the tape does not record, or the rate is 0, returns x itself.
     *
     * @param rate probability p of dropping, in [0, 1), used in steps of 1/65536
     * @param rowSeeds a seed for each row of x
     */
    public static Tensor apply(Tape tape, Tensor x, float rate, long[] rowSeeds) {
        return apply(tape, x, rate, rowSeeds, 0);
    }

    /**
     * The same for a model with several dropouts.
     *
     * @param site which of the model's dropouts this is: from the same row seeds, each site has masks of its own
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
        tape.onBackward(() -> KERNELS.multiplyAdd(x.size(), y.grad(), 0, mask, 0, x.grad(), 0));
        return y;
    }
}
