package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import io.github.ttt4rec.kernels.Slice;
import java.util.Arrays;
import java.util.List;

/**
 * The concatenation of NARM's two encoders (Li et al. 2017, section 3), for all positions of a sequence in one pass.
 * With the hidden vectors h of a recurrent layer, position t has the code
 * <pre>{@code
 * [c_local, c_global] = [Σ_(j≤t) α_tj·h_j, h_t]    α_tj = v·σ(key_j + query_t)
 * }</pre>
 * The α are not normalised by a softmax, as in the paper and in RecBole.
 *
 * <p>The backward pass recomputes the α instead of storing L² of them for a sequence of length L.
 */
public final class NarmAttention {
    private static final Kernels KERNELS = Kernels.active();
    /** The number of positions whose α are held at once. */
    private static final int ROWS = 32;

    private NarmAttention() {}

    /** The keys and hidden vectors of one sequence's positions so far. It grows with the sequence. */
    public static final class State {
        private final int units;
        private int length;
        private float[] keys = {};
        private float[] hidden = {};

        private State(int units) {
            this.units = units;
        }

        /** The state before a sequence's first event, for vectors of {@code units} elements. */
        public static State initial(int units) {
            return new State(units);
        }

        /** An independent copy. */
        public State copy() {
            State copy = new State(units);
            copy.length = length;
            copy.keys = Arrays.copyOf(keys, length * units);
            copy.hidden = Arrays.copyOf(hidden, length * units);
            return copy;
        }

        /** The memory of its arrays in bytes, including spare capacity. */
        public long bytes() {
            return (long) Float.BYTES * (keys.length + (long) hidden.length);
        }

        /** Writes the state in the form that {@link #read} reads. */
        public void write(StateOutput out) {
            out.putInt(length);
            out.putFloats(keys, 0, length * units);
            out.putFloats(hidden, 0, length * units);
        }

        /** Replaces this state by one that {@link #write} wrote. */
        public void read(StateInput in) {
            length = in.getCount(Integer.MAX_VALUE / units);
            keys = new float[length * units];
            hidden = new float[length * units];
            in.getFloats(keys, 0, keys.length);
            in.getFloats(hidden, 0, hidden.length);
        }

        /** The number of positions. */
        public int length() {
            return length;
        }

        private void append(float[] moreKeys, float[] moreHidden, int offset, int count) {
            int size = Math.multiplyExact(length + count, units);
            if (size > keys.length) {
                int larger = Math.max(size, (int) Math.min(Integer.MAX_VALUE - 8, 2L * keys.length));
                keys = Arrays.copyOf(keys, larger);
                hidden = Arrays.copyOf(hidden, larger);
            }
            System.arraycopy(moreKeys, offset, keys, length * units, count * units);
            System.arraycopy(moreHidden, offset, hidden, length * units, count * units);
            length += count;
        }
    }

    /** The inputs and output of one application, and space for the α of some rows. */
    private record Pass(Tensor query, Tensor key, Tensor hidden, Parameter weight, Tensor code, float[] alpha) {}

    /** Space for the gradients of α, and the gradient of the weight. */
    private record Gradients(float[] alpha, float[] weight) {}

    /** The keys and hidden vectors of a sequence's positions, {@code (positions, h)} each. */
    private record Memory(Matrix keys, Matrix hidden) {}

    /**
     * The codes {@code (N, 2h)} of all positions.
     *
     * @param query {@code (N, h)}, A_2·h_t in RecBole
     * @param key {@code (N, h)}, A_1·h_j in RecBole
     * @param hidden {@code (N, h)}
     * @param weight v {@code (1, h)}
     * @param states for streaming without recording, the state of each sequence, which is advanced; empty for whole
     *     sequences
     */
    public static Tensor apply(
            Tape tape,
            Tensor query,
            Tensor key,
            Tensor hidden,
            Parameter weight,
            Segments segments,
            List<State> states) {
        if (tape.isRecording() && !states.isEmpty()) {
            throw new IllegalArgumentException("a carried state cannot be trained through");
        }
        int units = hidden.columns();
        Tensor code = tape.tensor(hidden.rows(), 2 * units);
        Pass pass = new Pass(query, key, hidden, weight, code, tape.lend(ROWS * longest(segments, states)));
        for (int s = 0; s < segments.count(); s++) {
            int start = segments.start(s);
            int length = segments.length(s);
            if (states.isEmpty()) {
                int offset = start * units;
                Memory rows = new Memory(Matrix.of(key.data(), offset, units), Matrix.of(hidden.data(), offset, units));
                setLocal(pass, start, length, rows, 0);
            } else {
                State state = states.get(s);
                int before = state.length;
                state.append(key.data(), hidden.data(), start * units, length);
                Memory rows = new Memory(Matrix.of(state.keys, 0, units), Matrix.of(state.hidden, 0, units));
                setLocal(pass, start, length, rows, before);
            }
        }
        for (int t = 0; t < hidden.rows(); t++) {
            System.arraycopy(hidden.data(), t * units, code.data(), (2 * t + 1) * units, units);
        }
        if (!tape.isRecording()) {
            return code;
        }
        tape.onBackward(() -> {
            Gradients gradients = new Gradients(tape.lend(ROWS * longest(segments, states)), tape.gradient(weight));
            for (int s = 0; s < segments.count(); s++) {
                backward(pass, gradients, segments.start(s), segments.length(s));
            }
            for (int t = 0; t < hidden.rows(); t++) {
                KERNELS.axpy(units, 1f, code.grad(), (2 * t + 1) * units, hidden.grad(), t * units);
            }
        });
        return code;
    }

    /** The largest number of positions over which any sequence attends. */
    private static int longest(Segments segments, List<State> states) {
        int longest = 0;
        for (int s = 0; s < segments.count(); s++) {
            longest = Math.max(longest, segments.length(s) + (states.isEmpty() ? 0 : states.get(s).length));
        }
        return longest;
    }

    /**
     * Sets the left half of {@code code} for rows {@code start .. start + length − 1}, which are the last positions of
     * a sequence.
     *
     * @param memory the keys and hidden vectors of all the sequence's positions
     * @param before the number of positions before row {@code start}
     */
    private static void setLocal(Pass pass, int start, int length, Memory memory, int before) {
        int units = pass.query.columns();
        for (int from = 0; from < length; from += ROWS) {
            int rows = Math.min(ROWS, length - from);
            int positions = before + from + rows;
            alphas(pass, start + from, rows, positions, memory.keys);
            KERNELS.gemm(
                    rows,
                    units,
                    positions,
                    Matrix.of(pass.alpha, 0, positions),
                    memory.hidden,
                    Matrix.of(pass.code.data(), 2 * (start + from) * units, 2 * units),
                    false);
        }
    }

    /** Sets α {@code (rows, positions)} for the last {@code rows} positions; α is 0 for later positions. */
    private static void alphas(Pass pass, int firstRow, int rows, int positions, Matrix keys) {
        int units = pass.query.columns();
        for (int i = 0; i < rows; i++) {
            int seen = positions - rows + i + 1;
            KERNELS.sigmoidScores(
                    seen,
                    new Slice(pass.query.data(), (firstRow + i) * units),
                    keys,
                    pass.weight.value(),
                    new Slice(pass.alpha, i * positions));
            Arrays.fill(pass.alpha, i * positions + seen, (i + 1) * positions, 0f);
        }
    }

    private static void backward(Pass pass, Gradients gradients, int start, int length) {
        int units = pass.query.columns();
        int offset = start * units;
        Matrix keys = Matrix.of(pass.key.data(), offset, units);
        for (int from = 0; from < length; from += ROWS) {
            int rows = Math.min(ROWS, length - from);
            int positions = from + rows;
            Matrix dLocal = Matrix.of(pass.code.grad(), 2 * (start + from) * units, 2 * units);
            alphas(pass, start + from, rows, positions, keys);
            KERNELS.gemm(
                    positions,
                    units,
                    rows,
                    Matrix.of(pass.alpha, 0, positions).transposed(),
                    dLocal,
                    Matrix.of(pass.hidden.grad(), offset, units),
                    true);
            KERNELS.gemmRows(
                    rows,
                    positions,
                    units,
                    dLocal,
                    Matrix.of(pass.hidden.data(), offset, units),
                    Matrix.of(gradients.alpha, 0, positions));
            for (int i = 0; i < rows; i++) {
                int row = (start + from + i) * units;
                KERNELS.sigmoidScoresBackward(
                        from + i + 1,
                        new Slice(pass.query.data(), row),
                        keys,
                        pass.weight.value(),
                        new Slice(gradients.alpha, i * positions),
                        new Slice(pass.query.grad(), row),
                        new Slice(pass.key.grad(), offset),
                        gradients.weight);
            }
        }
    }
}
