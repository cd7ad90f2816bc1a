package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.SelectiveInputs;
import io.github.ttt4rec.kernels.Slice;
import java.util.Arrays;
import java.util.List;

/**
 * The selective state space layer S6 of Mamba (Gu and Dao 2023, arXiv 2312.00752, algorithm 2), one sequence after the
 * other. For each channel c with n hidden states:
 *
 * <pre>
 * h_t[c, i] = exp(Δ_t[c]·A[c, i])·h_{t−1}[c, i] + Δ_t[c]·B_t[i]·u_t[c],   A = −exp(A_log)
 * y_t[c]    = Σ_i C_t[i]·h_t[c, i] + D[c]·u_t[c]
 * </pre>
 *
 * <p>The backward pass recomputes the hidden states of a sequence: they are n times as large as its outputs, and
 * storing them for a whole batch would cost more in memory traffic than recomputing them.
 */
public final class SelectiveScan {
    private static final Kernels KERNELS = Kernels.active();

    private SelectiveScan() {}

    /** A user's hidden states {@code (n, channels)}; zeros before the first event. */
    public record State(float[] hidden) {
        /** The state before a sequence's first event. */
        public static State initial(int channels, int states) {
            return new State(new float[states * channels]);
        }

        /** An independent copy. */
        public State copy() {
            return new State(hidden.clone());
        }

        /** The memory of its array, in bytes. */
        public long bytes() {
            return (long) Float.BYTES * hidden.length;
        }

        /** Writes the state in the form that {@link #read} reads. */
        public void write(StateOutput out) {
            out.putFloats(hidden, 0, hidden.length);
        }

        /** Replaces the hidden states by those that {@link #write} wrote. */
        public void read(StateInput in) {
            in.getFloats(hidden, 0, hidden.length);
        }
    }

    /**
     * The inputs of all rows of the packed sequences.
     *
     * @param u the input {@code (N, channels)}
     * @param delta Δ, above 0 {@code (N, channels)}
     * @param b B {@code (N, n)}
     * @param c C {@code (N, n)}
     */
    public record Inputs(Tensor u, Tensor delta, Tensor b, Tensor c) {}

    /**
     * The learned parameters.
     *
     * @param aLog A_log {@code (channels, n)}
     * @param skip D {@code (channels)}
     */
    public record Weights(Parameter aLog, Parameter skip) {}

    /**
     * Scans every sequence.
     *
     * @param states for streaming, the state of each sequence, which is advanced; empty for whole sequences
     * @return {@code (N, channels)}
     */
    public static Tensor apply(Tape tape, Inputs inputs, Segments segments, Weights weights, List<State> states) {
        if (tape.isRecording() && !states.isEmpty()) {
            throw new IllegalArgumentException("a carried state cannot be trained through");
        }
        Scan scan = new Scan(tape, inputs, segments, weights);
        scan.forward(states);
        if (tape.isRecording()) {
            tape.onBackward(scan::backward);
        }
        return scan.output;
    }

    private static final class Scan {
        private final Tape tape;
        private final Tensor u;
        private final Tensor delta;
        private final Tensor b;
        private final Tensor c;
        private final Tensor output;
        private final Segments segments;
        private final Parameter aLog;
        private final Parameter skip;
        private final int channels;
        private final int n;
        /** A transposed, {@code (n, channels)}, because the kernels vectorise over channels. */
        private final float[] a;

        Scan(Tape tape, Inputs inputs, Segments segments, Weights weights) {
            this.tape = tape;
            u = inputs.u();
            delta = inputs.delta();
            b = inputs.b();
            c = inputs.c();
            this.segments = segments;
            aLog = weights.aLog();
            skip = weights.skip();
            channels = aLog.extent(0);
            n = aLog.extent(1);
            a = tape.lend(n * channels);
            for (int channel = 0; channel < channels; channel++) {
                for (int i = 0; i < n; i++) {
                    a[i * channels + channel] = (float) -Math.exp(aLog.value()[channel * n + i]);
                }
            }
            output = tape.tensor(u.rows(), channels);
        }

        void forward(List<State> states) {
            float[] scratch = tape.lend(n * channels);
            for (int s = 0; s < segments.count(); s++) {
                float[] hidden = states.isEmpty() ? scratch : states.get(s).hidden();
                if (states.isEmpty()) {
                    Arrays.fill(scratch, 0, n * channels, 0f);
                }
                for (int t = segments.start(s); t < segments.start(s) + segments.length(s); t++) {
                    step(t, Slice.of(hidden), Slice.of(hidden), new Slice(output.data(), t * channels));
                    KERNELS.multiplyAdd(channels, skip.value(), 0, u.data(), t * channels, output.data(), t * channels);
                }
            }
        }

        private void step(int t, Slice before, Slice after, Slice y) {
            KERNELS.selectiveStep(channels, n, inputs(t), before, after, y);
        }

        private SelectiveInputs inputs(int t) {
            return new SelectiveInputs(delta.data(), u.data(), t * channels, a, b.data(), c.data(), t * n);
        }

        void backward() {
            int size = n * channels;
            int longest = 0;
            for (int s = 0; s < segments.count(); s++) {
                longest = Math.max(longest, segments.length(s));
            }
            float[] hidden = tape.lend((longest + 1) * size);
            float[] unused = tape.lend(channels);
            float[] dState = tape.lend(size);
            float[] dA = tape.lend(size);
            Arrays.fill(dA, 0, size, 0f);
            Arrays.fill(hidden, 0, size, 0f);
            float[] dSkip = tape.gradient(skip);
            for (int s = 0; s < segments.count(); s++) {
                int start = segments.start(s);
                int length = segments.length(s);
                for (int i = 0; i < length; i++) {
                    step(start + i, new Slice(hidden, i * size), new Slice(hidden, (i + 1) * size), Slice.of(unused));
                }
                Arrays.fill(dState, 0, size, 0f);
                for (int i = length - 1; i >= 0; i--) {
                    int row = (start + i) * channels;
                    KERNELS.multiplyAdd(channels, output.grad(), row, u.data(), row, dSkip, 0);
                    KERNELS.multiplyAdd(channels, output.grad(), row, skip.value(), 0, u.grad(), row);
                    KERNELS.selectiveStepBackward(
                            channels,
                            n,
                            inputs(start + i),
                            new Slice(hidden, i * size),
                            new Slice(hidden, (i + 1) * size),
                            output.grad(),
                            dState,
                            new SelectiveInputs(delta.grad(), u.grad(), row, dA, b.grad(), c.grad(), (start + i) * n));
                }
            }
            float[] dLog = tape.gradient(aLog);
            for (int channel = 0; channel < channels; channel++) {
                for (int i = 0; i < n; i++) {
                    // A = −exp(A_log) equals its own derivative.
                    dLog[channel * n + i] += dA[i * channels + channel] * a[i * channels + channel];
                }
            }
        }
    }
}
