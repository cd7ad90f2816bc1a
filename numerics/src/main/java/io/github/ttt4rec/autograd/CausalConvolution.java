package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import java.util.List;

/**
 * Depthwise causal convolution over time: {@code y[t, c] = bias[c] + Σ_k w[c, k]·x[t − (kernel − 1) + k, c]}, with zeros
 * before a sequence's start. Weights {@code (d, 1, kernel)} as in PyTorch's Conv1d with d groups.
 */
public final class CausalConvolution {
    private static final Kernels KERNELS = Kernels.active();

    private CausalConvolution() {}

    /** A user's last {@code kernel − 1} inputs {@code (kernel − 1, d)}, oldest first; zeros before the first event. */
    public record State(float[] inputs) {
        /** The state before a sequence's first event. */
        public static State initial(int kernel, int d) {
            return new State(new float[(kernel - 1) * d]);
        }

        /** An independent copy. */
        public State copy() {
            return new State(inputs.clone());
        }

        /** The memory of its array, in bytes. */
        public long bytes() {
            return (long) Float.BYTES * inputs.length;
        }

        /** Writes the state in the form that {@link #read} reads. */
        public void write(StateOutput out) {
            out.putFloats(inputs, 0, inputs.length);
        }

        /** Replaces the inputs by those that {@link #write} wrote. */
        public void read(StateInput in) {
            in.getFloats(inputs, 0, inputs.length);
        }
    }

    /**
     * Convolves every sequence of x {@code (N, d)}.
     *
     * @param states for streaming, the state of each sequence, which is advanced; empty for whole sequences
     */
    public static Tensor apply(
            Tape tape, Tensor x, Segments segments, Parameter weight, Parameter bias, List<State> states) {
        int d = x.columns();
        int kernel = weight.extent(2);
        float[] taps = tape.lend(kernel * d);
        for (int c = 0; c < d; c++) {
            for (int k = 0; k < kernel; k++) {
                taps[k * d + c] = weight.value()[c * kernel + k];
            }
        }
        Tensor y = tape.tensor(x.rows(), d);
        for (int s = 0; s < segments.count(); s++) {
            int start = segments.start(s);
            int end = start + segments.length(s);
            for (int t = start; t < end; t++) {
                System.arraycopy(bias.value(), 0, y.data(), t * d, d);
                for (int k = 0; k < kernel; k++) {
                    int from = t - (kernel - 1) + k;
                    if (from >= start) {
                        KERNELS.multiplyAdd(d, taps, k * d, x.data(), from * d, y.data(), t * d);
                    } else if (!states.isEmpty()) {
                        int row = kernel - 1 + from - start;
                        KERNELS.multiplyAdd(d, taps, k * d, states.get(s).inputs(), row * d, y.data(), t * d);
                    }
                }
            }
            if (!states.isEmpty()) {
                advance(states.get(s).inputs(), x.data(), start, end, d);
            }
        }
        if (!tape.isRecording()) {
            return y;
        }
        float[] dWeight = tape.gradient(weight);
        float[] dBias = tape.gradient(bias);
        tape.onBackward(() -> {
            float[] dTaps = new float[kernel * d];
            for (int s = 0; s < segments.count(); s++) {
                int start = segments.start(s);
                for (int t = start; t < start + segments.length(s); t++) {
                    KERNELS.axpy(d, 1f, y.grad(), t * d, dBias, 0);
                    for (int k = Math.max(0, kernel - 1 - (t - start)); k < kernel; k++) {
                        int from = t - (kernel - 1) + k;
                        KERNELS.multiplyAdd(d, y.grad(), t * d, x.data(), from * d, dTaps, k * d);
                        KERNELS.multiplyAdd(d, y.grad(), t * d, taps, k * d, x.grad(), from * d);
                    }
                }
            }
            for (int c = 0; c < d; c++) {
                for (int k = 0; k < kernel; k++) {
                    dWeight[c * kernel + k] += dTaps[k * d + c];
                }
            }
        });
        return y;
    }

    private static void advance(float[] inputs, float[] x, int start, int end, int d) {
        int kept = inputs.length / d;
        int added = Math.min(kept, end - start);
        System.arraycopy(inputs, added * d, inputs, 0, (kept - added) * d);
        System.arraycopy(x, (end - added) * d, inputs, (kept - added) * d, added * d);
    }
}
