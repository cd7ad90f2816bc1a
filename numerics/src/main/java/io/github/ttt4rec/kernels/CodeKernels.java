package io.github.ttt4rec.kernels;

/**
 * Kernels for searching very large catalogues: products of the quantised vectors of items and queries, and the exact
 * products for items that these cannot exclude. Stateless and thread-safe; none allocates.
 *
 * <p>A <b>block</b> is {@value #BLOCK} items. Each item has a code in 0 .. 15 for each of its d dimensions, where d is
 * padded to a multiple of 4. Four codes of an item share a {@code short}, the first one in its lowest 4 bits. For each
 * group of 4 dimensions in turn, a block contains one short per item. So kernels vectorise over items at any width, and
 * a block with d = 64 takes 2 KB, which are read sequentially.
 */
public interface CodeKernels {
    /** The number of items in a block. */
    int BLOCK = 64;

    /** The maximum number of requests in a call of {@link #above}. */
    int REQUESTS = 4;

    /** The implementation for this process; the same choice as {@link Kernels#active()}. */
    static CodeKernels active() {
        return KernelProvider.ACTIVE_CODES;
    }

    /**
     * For each request and each item of a block, computes {@code sum = start + Σ_p query_p·code_p} modulo 2¹⁶, as a
     * signed number.
     *
     * @param groups the number of dimensions divided by 4
     * @param offset the index of the block's first code
     * @param limits the limit of the sums, by request
     * @param sums receives the sums, {@code (requests, 64)}
     * @return a number whose bit r is set if request r has a sum above its limit
     */
    int above(int groups, short[] codes, int offset, CodedRequests requests, short[] limits, short[] sums);

    /**
     * Inner products of one vector with some rows of a table. They are summed as in {@link Kernels#gemm}, with one
     * chain of fused multiply-adds that starts from {@code y}, so that results are bit-identical.
     *
     * @param rows the row indices, of which the first {@code count} are used
     * @param y in: the start of each sum; out: the sums
     */
    default void rowProducts(int count, int d, float[] x, int xOffset, float[] table, int[] rows, float[] y) {
        int i = 0;
        // Eight independent sums hide the latency of the fused multiply-add and, more importantly, that of memory.
        for (; i <= count - 8; i += 8) {
            int r0 = rows[i] * d;
            int r1 = rows[i + 1] * d;
            int r2 = rows[i + 2] * d;
            int r3 = rows[i + 3] * d;
            int r4 = rows[i + 4] * d;
            int r5 = rows[i + 5] * d;
            int r6 = rows[i + 6] * d;
            int r7 = rows[i + 7] * d;
            float s0 = y[i];
            float s1 = y[i + 1];
            float s2 = y[i + 2];
            float s3 = y[i + 3];
            float s4 = y[i + 4];
            float s5 = y[i + 5];
            float s6 = y[i + 6];
            float s7 = y[i + 7];
            for (int p = 0; p < d; p++) {
                float xp = x[xOffset + p];
                s0 = Math.fma(xp, table[r0 + p], s0);
                s1 = Math.fma(xp, table[r1 + p], s1);
                s2 = Math.fma(xp, table[r2 + p], s2);
                s3 = Math.fma(xp, table[r3 + p], s3);
                s4 = Math.fma(xp, table[r4 + p], s4);
                s5 = Math.fma(xp, table[r5 + p], s5);
                s6 = Math.fma(xp, table[r6 + p], s6);
                s7 = Math.fma(xp, table[r7 + p], s7);
            }
            y[i] = s0;
            y[i + 1] = s1;
            y[i + 2] = s2;
            y[i + 3] = s3;
            y[i + 4] = s4;
            y[i + 5] = s5;
            y[i + 6] = s6;
            y[i + 7] = s7;
        }
        for (; i < count; i++) {
            float s = y[i];
            for (int p = 0; p < d; p++) {
                s = Math.fma(x[xOffset + p], table[rows[i] * d + p], s);
            }
            y[i] = s;
        }
    }
}
