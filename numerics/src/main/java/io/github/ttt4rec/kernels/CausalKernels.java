package io.github.ttt4rec.kernels;

/**
 * Products of each row with itself and the earlier rows of its group. Part of {@link Kernels}. Group g has the rows
 * {@code starts[g] .. starts[g + 1] − 1}, at most as many as {@code pairs} has columns; entry (i, j) of pairs is in its
 * row i and column {@code j − starts[g]}. The rows of other matrices are adjacent and have {@code n} elements. Only the
 * entries of pairs with {@code j ≤ i} are read or written. The matrices must not overlap.
 */
public interface CausalKernels {
    /** Computes {@code pairs_ij = x_i·y_j} for all rows i from {@code from} on. */
    void causalProducts(int from, int[] starts, int groups, int n, Slice x, Slice y, Matrix pairs);

    /** Computes {@code y_i += Σ_{j ≤ i} pairs_ij·x_j} for all rows i from {@code from} on, in the order of j. */
    void causalSums(int from, int[] starts, int groups, int n, Matrix pairs, Slice x, Slice y);

    /** Computes {@code y_j += Σ_{i ≥ j} pairs_ij·x_i} for all rows j, in the order of i. */
    void causalColumnSums(int[] starts, int groups, int n, Matrix pairs, Slice x, Slice y);
}
