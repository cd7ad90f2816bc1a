package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;

import java.util.Arrays;
import jdk.incubator.vector.VectorMask;

/**
 * Matrix product by register blocks: a block of C, up to 8 rows by 2 vectors, stays in registers while the loop runs over
 * the inner dimension; each step loads two vectors of B and multiplies them by 8 broadcast elements of A. Sixteen
 * independent sums hide the latency of the fused multiply-add (4 cycles, two a cycle) and leave registers for operands on
 * AVX-512; narrower machines with 16 registers take blocks of 4 rows.
 */
final class VectorGemm {
    /** AVX2 and NEON have too few registers (16, or 32 short ones) for 8 rows to pay. */
    private static final boolean EIGHT_ROWS = LANES >= 16;

    private VectorGemm() {}

    static void gemm(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bRow,
            float[] c,
            int cOffset,
            int cRow,
            boolean accumulate) {
        int j = 0;
        for (; j <= n - 2 * LANES; j += 2 * LANES) {
            int i = 0;
            if (EIGHT_ROWS) {
                for (; i <= m - 8; i += 8) {
                    int ai = aOffset + i * aRow;
                    int ci = cOffset + i * cRow + j;
                    if (accumulate) {
                        TwoVectorBlocks.block8x2(k, a, ai, aRow, aColumn, b, bOffset + j, bRow, c, ci, cRow);
                    } else {
                        TwoVectorBlocks.block8x2Set(k, a, ai, aRow, aColumn, b, bOffset + j, bRow, c, ci, cRow);
                    }
                }
            }
            if (!accumulate) {
                clear(m - i, 2 * LANES, c, cOffset + i * cRow + j, cRow);
            }
            for (; i <= m - 4; i += 4) {
                TwoVectorBlocks.block4x2(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            for (; i <= m - 2; i += 2) {
                TwoVectorBlocks.block2x2(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            if (i < m) {
                TwoVectorBlocks.block1x2(
                        k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j);
            }
        }
        if (j < n && !accumulate) {
            clear(m, n - j, c, cOffset + j, cRow);
        }
        for (; j <= n - LANES; j += LANES) {
            int i = 0;
            for (; i <= m - 8; i += 8) {
                OneVectorBlocks.block8x1(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            for (; i <= m - 4; i += 4) {
                OneVectorBlocks.block4x1(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            for (; i < m; i++) {
                OneVectorBlocks.block1x1(
                        k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j);
            }
        }
        if (j < n) {
            VectorMask<Float> mask = Lanes.mask(j, n);
            int i = 0;
            for (; i <= m - 4; i += 4) {
                OneVectorBlocks.tail4(
                        k,
                        a,
                        aOffset + i * aRow,
                        aRow,
                        aColumn,
                        b,
                        bOffset + j,
                        bRow,
                        c,
                        cOffset + i * cRow + j,
                        cRow,
                        mask);
            }
            for (; i < m; i++) {
                OneVectorBlocks.tail1(
                        k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, mask);
            }
        }
    }

    /** Zeros in part of C, where a product is to replace it: all blocks but the largest add. */
    private static void clear(int rows, int columns, float[] c, int at, int cRow) {
        for (int r = 0; r < rows; r++) {
            Arrays.fill(c, at + r * cRow, at + r * cRow + columns, 0f);
        }
    }
}
