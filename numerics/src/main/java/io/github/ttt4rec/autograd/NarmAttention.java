package io.github.ttt4rec.autograd;

import io.github.ttt4rec.kernels.Kernels;
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
        float[] alpha = tape.lend(ROWS * longest(segments, states));
        for (int s = 0; s < segments.count(); s++) {
            int start = segments.start(s);
            int length = segments.length(s);
            if (states.isEmpty()) {
                int offset = start * units;
                setLocal(query, start, length, 0, key.data(), hidden.data(), offset, weight, alpha, code);
            } else {
                State state = states.get(s);
                int before = state.length;
                state.append(key.data(), hidden.data(), start * units, length);
                setLocal(query, start, length, before, state.keys, state.hidden, 0, weight, alpha, code);
            }
        }
        for (int t = 0; t < hidden.rows(); t++) {
            System.arraycopy(hidden.data(), t * units, code.data(), (2 * t + 1) * units, units);
        }
        if (!tape.isRecording()) {
            return code;
        }
        tape.onBackward(() -> {
            float[] dAlpha = tape.lend(ROWS * longest(segments, states));
            float[] dWeight = tape.gradient(weight);
            for (int s = 0; s < segments.count(); s++) {
                int length = segments.length(s);
                backward(query, key, hidden, weight, code, segments.start(s), length, alpha, dAlpha, dWeight);
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
     * Sets the left half of {@code code} for rows {@code start .. start + length − 1} of a sequence, whose positions
     * start at {@code before}.
     *
     * @param keys keys the keys of all the sequence's positions, from {@code offset}
     * @param hidden the hidden vectors of all the sequence's positions, from {@code offset}
     */
    private static void setLocal(
            Tensor query,
            int start,
            int length,
            int before,
            float[] keys,
            float[] hidden,
            int offset,
            Parameter weight,
            float[] alpha,
            Tensor code) {
        int units = query.columns();
        for (int from = 0; from < length; from += ROWS) {
            int rows = Math.min(ROWS, length - from);
            int positions = before + from + rows;
            alphas(query, start + from, rows, positions, keys, offset, weight, alpha);
            KERNELS.gemm(
                    rows,
                    units,
                    positions,
                    alpha,
                    0,
                    positions,
                    1,
                    hidden,
                    offset,
                    units,
                    code.data(),
                    2 * (start + from) * units,
                    2 * units,
                    false);
        }
    }

    /** Sets α {@code (rows, positions)} for the last {@code rows} positions; α is 0 for later positions. */
    private static void alphas(
            Tensor query,
            int firstRow,
            int rows,
            int positions,
            float[] keys,
            int offset,
            Parameter weight,
            float[] alpha) {
        int units = query.columns();
        for (int i = 0; i < rows; i++) {
            int seen = positions - rows + i + 1;
            KERNELS.sigmoidScores(
                    seen,
                    units,
                    query.data(),
                    (firstRow + i) * units,
                    keys,
                    offset,
                    weight.value(),
                    alpha,
                    i * positions);
            Arrays.fill(alpha, i * positions + seen, (i + 1) * positions, 0f);
        }
    }

    private static void backward(
            Tensor query,
            Tensor key,
            Tensor hidden,
            Parameter weight,
            Tensor code,
            int start,
            int length,
            float[] alpha,
            float[] dAlpha,
            float[] dWeight) {
        int units = query.columns();
        int offset = start * units;
        for (int from = 0; from < length; from += ROWS) {
            int rows = Math.min(ROWS, length - from);
            int positions = from + rows;
            int dLocal = 2 * (start + from) * units;
            alphas(query, start + from, rows, positions, key.data(), offset, weight, alpha);
            KERNELS.gemm(
                    positions,
                    units,
                    rows,
                    alpha,
                    0,
                    1,
                    positions,
                    code.grad(),
                    dLocal,
                    2 * units,
                    hidden.grad(),
                    offset,
                    units,
                    true);
            KERNELS.gemmRows(
                    rows,
                    positions,
                    units,
                    code.grad(),
                    dLocal,
                    2 * units,
                    hidden.data(),
                    offset,
                    units,
                    dAlpha,
                    0,
                    positions);
            for (int i = 0; i < rows; i++) {
                int row = (start + from + i) * units;
                KERNELS.sigmoidScoresBackward(
                        from + i + 1,
                        units,
                        query.data(),
                        row,
                        key.data(),
                        offset,
                        weight.value(),
                        dAlpha,
                        i * positions,
                        query.grad(),
                        row,
                        key.grad(),
                        offset,
                        dWeight);
            }
        }
    }
}
