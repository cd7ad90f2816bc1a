package io.github.ttt4rec.kernels;

/** Gated recurrent units and additive attention. Part of {@link Kernels}. */
public interface RecurrentKernels {
    /**
     * One step of a gated recurrent unit (Cho et al. 2014, in PyTorch's form) for each row, with n units: {@code r =
     * σ(a_r + b_r); z = σ(a_z + b_z); c = tanh(a_c + r·b_c); next = (1 − z)·c + z·previous}.
     *
     * @param gates {@code (rows, 3n)}; in: the part computed from the input, {@code a = [a_r, a_z, a_c]}; out:
     *     {@code [r, z, c]}
     * @param recurrent {@code (rows, 3n)}: the part computed from the previous state, {@code b = [b_r, b_z, b_c]}
     * @param previous {@code (rows, n)}
     * @param next receives {@code (rows, n)}
     */
    void gru(int rows, int n, Slice gates, Slice recurrent, Slice previous, Slice next);

    /**
     * Backward of {@link #gru}. Adds to dPrevious only the direct gradient, not the one through {@code recurrent}.
     *
     * @param gates in: {@code [r, z, c]}; out: the gradient of a
     * @param recurrent in: b; out: its gradient
     */
    void gruBackward(int rows, int n, Slice gates, Slice recurrent, Slice previous, Slice dNext, Slice dPrevious);

    /**
     * The additive attention scores of the keys for a query, {@code y_j = Σ_c weight_c·σ(query_c + key_jc)}. Query and
     * weight have n elements, where n is the distance between the rows of the keys; the keys are {@code (rows, n)} with
     * adjacent rows, y is {@code (rows)}.
     */
    void sigmoidScores(int rows, Slice query, Matrix keys, float[] weight, Slice y);

    /** Backward of {@link #sigmoidScores}; adds to dQuery, dKeys and dWeight. */
    void sigmoidScoresBackward(
            int rows, Slice query, Matrix keys, float[] weight, Slice dy, Slice dQuery, Slice dKeys, float[] dWeight);
}
