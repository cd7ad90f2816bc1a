package io.github.ttt4rec.kernels;

/**
 * Kernels of the search among very many items: products of small integers that stand for an item's vector with those that
 * stand for a user's, and the exact products that settle what the integers leave open. Stateless and safe for any number of
 * threads; none allocates.
 *
 * <p>A <b>block</b> is {@value #BLOCK} items. Each item has codes 0 .. 15, one for each of its d dimensions, d padded to a
 * multiple of 4. Four codes of one item share a {@code short}, the first in its lowest 4 bits; a block holds, group of 4
 * dimensions by group, one short for each item. So vectors run over items, at any width, and a block of d = 64 is 2 KB, read
 * in order.
 */
public interface CodeKernels {
    /** Items of a block. */
    int BLOCK = 64;

    /** Requests that {@link #above} takes at once at most. */
    int REQUESTS = 4;

    /** The implementation chosen for this process; the same choice as {@link Kernels#active()}. */
    static CodeKernels active() {
        return KernelProvider.ACTIVE_CODES;
    }

    /**
     * For each of some requests and each item of a block, {@code sum = start + Σ_p query_p·code_p} modulo 2¹⁶, as a signed
     * number.
     *
     * @param groups dimensions/4
     * @param offset the index of the block's first code
     * @param limits by request
     * @param sums out, {@code (requests, 64)}
     * @return bit r is set if request r has a sum above its limit
     */
    int above(int groups, short[] codes, int offset, CodedRequests requests, short[] limits, short[] sums);

    /**
     * Inner products of one vector with some rows of a table, summed as {@link Kernels#gemm} does: one fused multiply-add
     * after the other from {@code y}, so that the result has the same bits.
     *
     * @param rows the rows' numbers, of which the first {@code count} count
     * @param y in: the value that each sum starts from; out: the sums
     */
    default void rowProducts(int count, int d, float[] x, int xOffset, float[] table, int[] rows, float[] y) {
        int i = 0;
        // Eight sums side by side hide the latency of the fused multiply-add and, more, that of memory.
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
