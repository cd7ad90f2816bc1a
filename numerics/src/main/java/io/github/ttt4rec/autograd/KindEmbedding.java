package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;

/** The sum of an item's and a kind's vector: {@code y[t] = E[item[t]] + K[kind[t]]}, E {@code (V + 1, d)}, K {@code (kinds, d)}. */
public final class KindEmbedding {
    private static final Kernels KERNELS = Kernels.active();

    private KindEmbedding() {}

    /**
     * Looks up the first {@code rows} of {@code tokens}; the result is {@code (rows, d)}.
     *
     * @param tokens each holds an item in its lowest {@code itemBits} bits and a kind in the bits above
     */
    public static Tensor apply(Tape tape, Parameter items, Parameter kinds, int[] tokens, int rows, int itemBits) {
        int d = items.extent(1);
        int mask = (1 << itemBits) - 1;
        Tensor y = tape.tensor(rows, d);
        for (int t = 0; t < rows; t++) {
            System.arraycopy(items.value(), (tokens[t] & mask) * d, y.data(), t * d, d);
            KERNELS.axpy(d, 1f, kinds.value(), (tokens[t] >>> itemBits) * d, y.data(), t * d);
        }
        if (!tape.isRecording()) {
            return y;
        }
        float[] dItems = tape.gradient(items);
        float[] dKinds = tape.gradient(kinds);
        tape.onBackward(() -> {
            for (int t = 0; t < rows; t++) {
                KERNELS.axpy(d, 1f, y.grad(), t * d, dItems, (tokens[t] & mask) * d);
                KERNELS.axpy(d, 1f, y.grad(), t * d, dKinds, (tokens[t] >>> itemBits) * d);
            }
        });
        return y;
    }
}
