package io.github.ttt4rec.kernels;

/** Products of each row with itself and the earlier rows of its group. */
interface ScalarCausal extends CausalKernels, MatrixKernels, ElementKernels {
    @Override
    default void causalProducts(int from, int[] starts, int groups, int n, Slice x, Slice y, Matrix pairs) {
        for (int g = 0; g < groups; g++) {
            for (int i = Math.max(from, starts[g]); i < starts[g + 1]; i++) {
                for (int j = starts[g]; j <= i; j++) {
                    float product = dot(n, x.array(), x.offset() + i * n, y.array(), y.offset() + j * n);
                    pairs.set(i, j - starts[g], product);
                }
            }
        }
    }

    @Override
    default void causalSums(int from, int[] starts, int groups, int n, Matrix pairs, Slice x, Slice y) {
        for (int g = 0; g < groups; g++) {
            for (int i = Math.max(from, starts[g]); i < starts[g + 1]; i++) {
                for (int j = starts[g]; j <= i; j++) {
                    float factor = pairs.get(i, j - starts[g]);
                    axpy(n, factor, x.array(), x.offset() + j * n, y.array(), y.offset() + i * n);
                }
            }
        }
    }

    @Override
    default void causalColumnSums(int[] starts, int groups, int n, Matrix pairs, Slice x, Slice y) {
        for (int g = 0; g < groups; g++) {
            for (int j = starts[g]; j < starts[g + 1]; j++) {
                for (int i = j; i < starts[g + 1]; i++) {
                    float factor = pairs.get(i, j - starts[g]);
                    axpy(n, factor, x.array(), x.offset() + i * n, y.array(), y.offset() + j * n);
                }
            }
        }
    }
}
