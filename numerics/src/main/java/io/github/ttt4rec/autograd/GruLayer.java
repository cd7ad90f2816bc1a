package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import io.github.ttt4rec.kernels.Slice;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of gated recurrent units (Cho et al. 2014; Hidasi et al. 2016 for sequences of items) in PyTorch's form: with
 * {@code a = W_i·x_t + b_i} and {@code b = W_h·h_(t−1) + b_h}, each divided into thirds r, z, n,
 * <pre>{@code
 * r = σ(a_r + b_r)    z = σ(a_z + b_z)    n = tanh(a_n + r·b_n)    h_t = (1 − z)·n + z·h_(t−1)
 * }</pre>
 *
 * <p>All sequences advance together: rows are ordered by time, and within a step the longer sequences come first, so
 * that the sequences that continue are a prefix of the previous step and each step is one matrix product. Everything
 * that does not depend on the previous step (the products with the input, and the gradients of all weights) is one
 * product over all rows.
 */
public final class GruLayer {
    private static final Kernels KERNELS = Kernels.active();
    /** The number of rows per block in the products over all rows, so that operands stay in L1 and L2. */
    private static final int ROWS = 128;

    private GruLayer() {}

    /**
     * The learned parameters; h is the number of units.
     *
     * @param input W_i {@code (3h, in)}
     * @param hidden W_h {@code (3h, h)}
     * @param inputBias b_i {@code (3h)}; null for none
     * @param hiddenBias b_h {@code (3h)}; null for none
     */
    public record Weights(
            Parameter input,
            Parameter hidden,
            @Nullable Parameter inputBias,
            @Nullable Parameter hiddenBias) {
        /** The number of units h. */
        public int units() {
            return hidden.extent(1);
        }
    }

    /** The layer's state of one sequence: the last hidden vector, {@code (h)}. */
    public record State(float[] hidden) implements LayerState<State> {
        /** The state before a sequence's first event: zeros. */
        public static State initial(int units) {
            return new State(new float[units]);
        }

        @Override
        public State copy() {
            return new State(hidden.clone());
        }

        @Override
        public long bytes() {
            return (long) Float.BYTES * hidden.length;
        }

        @Override
        public void write(StateOutput out) {
            out.putFloats(hidden, 0, hidden.length);
        }

        @Override
        public void read(StateInput in) {
            in.getFloats(hidden, 0, hidden.length);
        }
    }

    /**
     * The hidden vectors {@code (N, h)} of every sequence of x {@code (N, in)}.
     *
     * @param states for streaming without recording, the state of each sequence, which is advanced; empty for whole
     *     sequences, which start from zeros
     */
    public static Tensor apply(Tape tape, Tensor x, Segments segments, Weights weights, List<State> states) {
        if (tape.isRecording() && !states.isEmpty()) {
            throw new IllegalArgumentException("a carried state cannot be trained through");
        }
        Pass pass = new Pass(tape, x, new Schedule(segments), weights);
        pass.forward(states);
        tape.onBackward(pass::backward);
        return pass.output;
    }

    /**
     * The order of rows by time: step t has rows {@code starts[t] .. starts[t + 1] − 1}, and row r of this order is row
     * {@code packed[r]} of the input.
     */
    private static final class Schedule {
        final int[] order;
        final int[] starts;
        final int[] packed;

        Schedule(Segments segments) {
            int count = segments.count();
            long[] byLength = new long[count];
            for (int s = 0; s < count; s++) {
                byLength[s] = ((long) -segments.length(s) << Integer.SIZE) + s;
            }
            Arrays.sort(byLength);
            order = new int[count];
            for (int i = 0; i < count; i++) {
                order[i] = (int) byLength[i];
            }
            int steps = count == 0 ? 0 : segments.length(order[0]);
            starts = new int[steps + 1];
            packed = new int[segments.rows()];
            int row = 0;
            for (int t = 0; t < steps; t++) {
                for (int i = 0; i < count && segments.length(order[i]) > t; i++) {
                    packed[row++] = segments.start(order[i]) + t;
                }
                starts[t + 1] = row;
            }
        }

        int steps() {
            return starts.length - 1;
        }

        int rows() {
            return packed.length;
        }

        int running(int t) {
            return starts[t + 1] - starts[t];
        }
    }

    /** One application. Its buffers are ordered by time. */
    private static final class Pass {
        private final Tape tape;
        private final Tensor x;
        private final Schedule schedule;
        private final Weights weights;
        private final int units;
        /** The number of sequences; {@code hidden} has a row with the initial state of each before step 0. */
        private final int before;

        private final Tensor output;
        private final float[] input;
        private final float[] gates;
        private final float[] recurrent;
        private final float[] hidden;

        Pass(Tape tape, Tensor x, Schedule schedule, Weights weights) {
            this.tape = tape;
            this.x = x;
            this.schedule = schedule;
            this.weights = weights;
            units = weights.units();
            before = schedule.order.length;
            output = tape.tensor(x.rows(), units);
            input = tape.lend(x.size());
            gates = tape.lend(schedule.rows() * 3 * units);
            recurrent = tape.lend((tape.isRecording() ? schedule.rows() : before) * 3 * units);
            hidden = tape.lend((before + schedule.rows()) * units);
        }

        /** The row of {@code hidden} where step t begins; t = −1 is the initial state. */
        private int hiddenRow(int t) {
            return t < 0 ? 0 : before + schedule.starts[t];
        }

        private int recurrentOffset(int t) {
            return tape.isRecording() ? schedule.starts[t] * 3 * units : 0;
        }

        void forward(List<State> states) {
            int in = x.columns();
            int rows = schedule.rows();
            for (int r = 0; r < rows; r++) {
                System.arraycopy(x.data(), schedule.packed[r] * in, input, r * in, in);
            }
            multiply(weights.input, weights.inputBias, rows, input, 0, gates, 0);
            Arrays.fill(hidden, 0, before * units, 0f);
            for (int i = 0; i < before && !states.isEmpty(); i++) {
                System.arraycopy(states.get(schedule.order[i]).hidden, 0, hidden, i * units, units);
            }
            for (int t = 0; t < schedule.steps(); t++) {
                step(t, t == 0 && states.isEmpty());
            }
            for (int r = 0; r < rows; r++) {
                System.arraycopy(hidden, (before + r) * units, output.data(), schedule.packed[r] * units, units);
            }
            if (!states.isEmpty()) {
                advance(states);
            }
        }

        private void step(int t, boolean fromZeros) {
            int running = schedule.running(t);
            int previous = hiddenRow(t - 1) * units;
            if (fromZeros) {
                fill(weights.hiddenBias, running, recurrent, recurrentOffset(t));
            } else {
                multiply(weights.hidden, weights.hiddenBias, running, hidden, previous, recurrent, recurrentOffset(t));
            }
            KERNELS.gru(
                    running,
                    units,
                    new Slice(gates, schedule.starts[t] * 3 * units),
                    new Slice(recurrent, recurrentOffset(t)),
                    new Slice(hidden, previous),
                    new Slice(hidden, hiddenRow(t) * units));
        }

        /** Computes {@code to = from·Wᵀ + b}, with {@code to} of shape {@code (rows, 3h)}. */
        private void multiply(
                Parameter weight,
                @Nullable Parameter bias,
                int rows,
                float[] from,
                int fromOffset,
                float[] to,
                int toOffset) {
            if (bias != null) {
                fill(bias, rows, to, toOffset);
            }
            weight.packed().multiply(rows, from, fromOffset, to, toOffset, 3 * units, bias != null);
        }

        private void fill(@Nullable Parameter bias, int rows, float[] to, int offset) {
            int width = 3 * units;
            for (int r = 0; r < rows; r++) {
                int row = offset + r * width;
                if (bias == null) {
                    Arrays.fill(to, row, row + width, 0f);
                } else {
                    System.arraycopy(bias.value(), 0, to, row, width);
                }
            }
        }

        /** Later steps overwrite earlier ones, so each state ends as the last of its sequence. */
        private void advance(List<State> states) {
            for (int t = 0; t < schedule.steps(); t++) {
                for (int i = 0; i < schedule.running(t); i++) {
                    System.arraycopy(
                            hidden, (hiddenRow(t) + i) * units, states.get(schedule.order[i]).hidden, 0, units);
                }
            }
        }

        void backward() {
            int rows = schedule.rows();
            float[] dHidden = tape.lend((before + rows) * units);
            Arrays.fill(dHidden, 0, before * units, 0f);
            for (int r = 0; r < rows; r++) {
                System.arraycopy(output.grad(), schedule.packed[r] * units, dHidden, (before + r) * units, units);
            }
            for (int t = schedule.steps() - 1; t >= 0; t--) {
                stepBack(t, dHidden);
            }
            addWeightGradients();
            addInputGradient();
        }

        /**
         * Runs step t backwards. Afterwards {@code gates} and {@code recurrent} hold gradients for the rows of step t.
         */
        private void stepBack(int t, float[] dHidden) {
            int running = schedule.running(t);
            int previous = hiddenRow(t - 1) * units;
            int from = schedule.starts[t] * 3 * units;
            KERNELS.gruBackward(
                    running,
                    units,
                    new Slice(gates, from),
                    new Slice(recurrent, from),
                    new Slice(hidden, previous),
                    new Slice(dHidden, hiddenRow(t) * units),
                    new Slice(dHidden, previous));
            if (t > 0) {
                KERNELS.gemm(
                        running,
                        units,
                        3 * units,
                        Matrix.of(recurrent, from, 3 * units),
                        Matrix.of(weights.hidden.value(), 0, units),
                        Matrix.of(dHidden, previous, units),
                        true);
            }
        }

        private void addWeightGradients() {
            int rows = schedule.rows();
            int width = 3 * units;
            addProduct(0, rows, gates, input, x.columns(), tape.gradient(weights.input));
            if (schedule.steps() > 1) {
                // The distance to a row's previous state differs between steps; after one copy, a single product is
                // enough.
                float[] previous = tape.lend(rows * units);
                for (int t = 1; t < schedule.steps(); t++) {
                    int to = schedule.starts[t] * units;
                    System.arraycopy(hidden, hiddenRow(t - 1) * units, previous, to, schedule.running(t) * units);
                }
                addProduct(schedule.starts[1], rows, recurrent, previous, units, tape.gradient(weights.hidden));
            }
            if (weights.inputBias != null) {
                KERNELS.addRows(rows, width, gates, 0, width, tape.gradient(weights.inputBias), 0);
            }
            if (weights.hiddenBias != null) {
                KERNELS.addRows(rows, width, recurrent, 0, width, tape.gradient(weights.hiddenBias), 0);
            }
        }

        /** Computes {@code sum += dᵀ·y} over some rows: d {@code (rows, 3h)}, y {@code (rows, columns)}. */
        private void addProduct(int from, int to, float[] d, float[] y, int columns, float[] sum) {
            int width = 3 * units;
            for (int r = from; r < to; r += ROWS) {
                int rows = Math.min(ROWS, to - r);
                Matrix slopes = Matrix.of(d, r * width, width).transposed();
                Matrix inputs = Matrix.of(y, r * columns, columns);
                KERNELS.gemm(width, columns, rows, slopes, inputs, Matrix.of(sum, 0, columns), true);
            }
        }

        private void addInputGradient() {
            int in = x.columns();
            int width = 3 * units;
            float[] dInput = tape.lend(ROWS * in);
            for (int r = 0; r < schedule.rows(); r += ROWS) {
                int rows = Math.min(ROWS, schedule.rows() - r);
                KERNELS.gemm(
                        rows,
                        in,
                        width,
                        Matrix.of(gates, r * width, width),
                        Matrix.of(weights.input.value(), 0, in),
                        Matrix.of(dInput, 0, in),
                        false);
                for (int i = 0; i < rows; i++) {
                    KERNELS.axpy(in, 1f, dInput, i * in, x.grad(), schedule.packed[r + i] * in);
                }
            }
        }
    }
}
