package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;

import java.util.Arrays;

/**
 * Matrix product by register blocks: a block of C, some rows by 2 vectors, stays in registers while the loop runs over the
 * inner dimension; each step loads two vectors of B and multiplies them by an element of each row of A, broadcast. Every
 * element of C is one chain of fused multiply-adds in the order of the inner dimension, so all blocks and all vector widths
 * give the same bits.
 *
 * <p>512 bits come with 32 registers: 8 rows, 16 sums. Narrower vectors come with 16 registers on x86: 6 rows, 12 sums. There
 * the distance of B's rows must be a constant of the code, so that C2 takes the range checks of B out of the loop; the distance
 * of A's elements must not, as with no check left C2 reorders the loop and runs out of registers. B is used in place if its rows
 * are 16 or 64 floats apart, and otherwise copied into panels of 16 columns.
 */
final class VectorGemm {
    private static final boolean WIDE = LANES >= 16;
    private static final int MAX_ROWS = WIDE ? 8 : 6;
    /** The columns of a panel of B. */
    private static final int PANEL = 16;

    /** Rows of B that are copied at once: a panel of 32 KB. */
    private static final int MAX_DEPTH = 512;
    /** With fewer rows of A a copy of B costs more than it brings. */
    private static final int MIN_ROWS_TO_COPY = 24;

    private static final ThreadLocal<float[]> PANELS = ThreadLocal.withInitial(() -> new float[PANEL * MAX_DEPTH]);

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
        if (!WIDE && bRow != PANEL && bRow != 64 && m >= MIN_ROWS_TO_COPY && n >= PANEL) {
            j = copied(m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow, accumulate);
        }
        for (; j <= n - 2 * LANES; j += 2 * LANES) {
            strip(m, k, a, aOffset, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + j, cRow, accumulate);
        }
        for (; j <= n - LANES; j += LANES) {
            for (int i = 0; i < m; i += 8) {
                int rows = Math.min(8, m - i);
                int ai = aOffset + i * aRow;
                int ci = cOffset + i * cRow + j;
                if (accumulate) {
                    SingleBlocks.add(rows, k, a, ai, aRow, aColumn, b, bOffset + j, bRow, c, ci, cRow);
                } else {
                    SingleBlocks.set(rows, k, a, ai, aRow, aColumn, b, bOffset + j, bRow, c, ci, cRow);
                }
            }
        }
        if (j < n) {
            if (!accumulate) {
                clear(m, n - j, c, cOffset + j, cRow);
            }
            tail(m, n - j, k, a, aOffset, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + j, cRow);
        }
    }

    /** Two vectors of columns of C, in blocks of as many rows as there are registers for, all of nearly the same size. */
    private static void strip(
            int m,
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
        int left = m;
        while (left > 0) {
            // The last two blocks share their rows: few sums at once would wait for each other.
            int rows = left >= 2 * MAX_ROWS || left == MAX_ROWS ? MAX_ROWS : left > MAX_ROWS ? (left + 1) / 2 : left;
            int ai = aOffset + (m - left) * aRow;
            int ci = cOffset + (m - left) * cRow;
            if (!WIDE && bRow == PANEL) {
                if (accumulate) {
                    PairBlocks16.add(rows, k, a, ai, aRow, aColumn, b, bOffset, c, ci, cRow);
                } else {
                    PairBlocks16.set(rows, k, a, ai, aRow, aColumn, b, bOffset, c, ci, cRow);
                }
            } else if (!WIDE && bRow == 64) {
                if (accumulate) {
                    PairBlocks64.add(rows, k, a, ai, aRow, aColumn, b, bOffset, c, ci, cRow);
                } else {
                    PairBlocks64.set(rows, k, a, ai, aRow, aColumn, b, bOffset, c, ci, cRow);
                }
            } else if (accumulate) {
                PairBlocks.add(rows, k, a, ai, aRow, aColumn, b, bOffset, bRow, c, ci, cRow);
            } else {
                PairBlocks.set(rows, k, a, ai, aRow, aColumn, b, bOffset, bRow, c, ci, cRow);
            }
            left -= rows;
        }
    }

    /** The product for all whole panels of B, each copied first; returns how many columns that are. */
    private static int copied(
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
        float[] panel = PANELS.get();
        int j = 0;
        for (; j <= n - PANEL; j += PANEL) {
            // At least once: a product without an inner dimension is zero.
            int p = 0;
            do {
                int depth = Math.min(MAX_DEPTH, k - p);
                for (int q = 0; q < depth; q++) {
                    System.arraycopy(b, bOffset + (p + q) * bRow + j, panel, q * PANEL, PANEL);
                }
                for (int v = 0; v < PANEL; v += 2 * LANES) {
                    int ap = aOffset + p * aColumn;
                    strip(
                            m,
                            depth,
                            a,
                            ap,
                            aRow,
                            aColumn,
                            panel,
                            v,
                            PANEL,
                            c,
                            cOffset + j + v,
                            cRow,
                            accumulate || p > 0);
                }
                p += depth;
            } while (p < k);
        }
        return j;
    }

    private static void tail(
            int m,
            int columns,
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
            int cRow) {
        int i = 0;
        for (; i <= m - 4; i += 4) {
            TailBlocks.add4(
                    k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset, bRow, c, cOffset + i * cRow, cRow, columns);
        }
        for (; i < m; i++) {
            TailBlocks.add1(k, a, aOffset + i * aRow, aColumn, b, bOffset, bRow, c, cOffset + i * cRow, columns);
        }
    }

    /** Zeros in the columns of C that the last blocks add to. */
    private static void clear(int rows, int columns, float[] c, int at, int cRow) {
        for (int r = 0; r < rows; r++) {
            Arrays.fill(c, at + r * cRow, at + r * cRow + columns, 0f);
        }
    }
}
