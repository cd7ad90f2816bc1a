package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;
import static io.github.ttt4rec.kernels.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
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
        if (!accumulate) {
            // All blocks add to what is there. Were it for them to begin with zero or with C, the two kinds of vectors
            // would
            // meet before the loop, and C2 then at times allocates each sum as an object.
            for (int i = 0; i < m; i++) {
                Arrays.fill(c, cOffset + i * cRow, cOffset + i * cRow + n, 0);
            }
        }
        int j = 0;
        for (; j <= n - 2 * LANES; j += 2 * LANES) {
            int i = 0;
            if (EIGHT_ROWS) {
                for (; i <= m - 8; i += 8) {
                    block8x2(
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
                            cRow);
                }
            }
            for (; i <= m - 4; i += 4) {
                block4x2(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            for (; i <= m - 2; i += 2) {
                block2x2(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            if (i < m) {
                block1x2(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j);
            }
        }
        for (; j <= n - LANES; j += LANES) {
            int i = 0;
            for (; i <= m - 8; i += 8) {
                block8x1(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            for (; i <= m - 4; i += 4) {
                block4x1(
                        k, a, aOffset + i * aRow, aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, cRow);
            }
            for (; i < m; i++) {
                block1x1(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j);
            }
        }
        if (j < n) {
            VectorMask<Float> mask = Lanes.mask(j, n);
            int i = 0;
            for (; i <= m - 4; i += 4) {
                tail4(
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
                tail1(k, a, aOffset + i * aRow, aColumn, b, bOffset + j, bRow, c, cOffset + i * cRow + j, mask);
            }
        }
    }

    private static void block8x2(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int a4 = a3 + aRow;
        int a5 = a4 + aRow;
        int a6 = a5 + aRow;
        int a7 = a6 + aRow;
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        int c4 = c3 + cRow;
        int c5 = c4 + cRow;
        int c6 = c5 + cRow;
        int c7 = c6 + cRow;
        FloatVector s00 = load(c, c0);
        FloatVector s01 = load(c, c0 + LANES);
        FloatVector s10 = load(c, c1);
        FloatVector s11 = load(c, c1 + LANES);
        FloatVector s20 = load(c, c2);
        FloatVector s21 = load(c, c2 + LANES);
        FloatVector s30 = load(c, c3);
        FloatVector s31 = load(c, c3 + LANES);
        FloatVector s40 = load(c, c4);
        FloatVector s41 = load(c, c4 + LANES);
        FloatVector s50 = load(c, c5);
        FloatVector s51 = load(c, c5 + LANES);
        FloatVector s60 = load(c, c6);
        FloatVector s61 = load(c, c6 + LANES);
        FloatVector s70 = load(c, c7);
        FloatVector s71 = load(c, c7 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = load(b, bp);
            FloatVector y1 = load(b, bp + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + ap]);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + ap]);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + ap]);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + ap]);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + ap]);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[a6 + ap]);
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[a7 + ap]);
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + LANES);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + LANES);
        s60.intoArray(c, c6);
        s61.intoArray(c, c6 + LANES);
        s70.intoArray(c, c7);
        s71.intoArray(c, c7 + LANES);
    }

    private static void block4x2(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        FloatVector s00 = load(c, c0);
        FloatVector s01 = load(c, c0 + LANES);
        FloatVector s10 = load(c, c1);
        FloatVector s11 = load(c, c1 + LANES);
        FloatVector s20 = load(c, c2);
        FloatVector s21 = load(c, c2 + LANES);
        FloatVector s30 = load(c, c3);
        FloatVector s31 = load(c, c3 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = load(b, bp);
            FloatVector y1 = load(b, bp + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + ap]);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + ap]);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + ap]);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
    }

    private static void block2x2(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int c1 = c0 + cRow;
        FloatVector s00 = load(c, c0);
        FloatVector s01 = load(c, c0 + LANES);
        FloatVector s10 = load(c, c1);
        FloatVector s11 = load(c, c1 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = load(b, bp);
            FloatVector y1 = load(b, bp + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + ap]);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
    }

    private static void block1x2(
            int k, float[] a, int a0, int aColumn, float[] b, int b0, int bRow, float[] c, int c0) {
        FloatVector s00 = load(c, c0);
        FloatVector s01 = load(c, c0 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = load(b, bp);
            FloatVector y1 = load(b, bp + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
    }

    private static void block8x1(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int a4 = a3 + aRow;
        int a5 = a4 + aRow;
        int a6 = a5 + aRow;
        int a7 = a6 + aRow;
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        int c4 = c3 + cRow;
        int c5 = c4 + cRow;
        int c6 = c5 + cRow;
        int c7 = c6 + cRow;
        FloatVector s00 = load(c, c0);
        FloatVector s10 = load(c, c1);
        FloatVector s20 = load(c, c2);
        FloatVector s30 = load(c, c3);
        FloatVector s40 = load(c, c4);
        FloatVector s50 = load(c, c5);
        FloatVector s60 = load(c, c6);
        FloatVector s70 = load(c, c7);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = load(b, bp);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + ap]);
            s10 = x1.fma(y0, s10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + ap]);
            s20 = x2.fma(y0, s20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + ap]);
            s30 = x3.fma(y0, s30);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[a4 + ap]);
            s40 = x4.fma(y0, s40);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[a5 + ap]);
            s50 = x5.fma(y0, s50);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[a6 + ap]);
            s60 = x6.fma(y0, s60);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[a7 + ap]);
            s70 = x7.fma(y0, s70);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
        s10.intoArray(c, c1);
        s20.intoArray(c, c2);
        s30.intoArray(c, c3);
        s40.intoArray(c, c4);
        s50.intoArray(c, c5);
        s60.intoArray(c, c6);
        s70.intoArray(c, c7);
    }

    private static void block4x1(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        FloatVector s00 = load(c, c0);
        FloatVector s10 = load(c, c1);
        FloatVector s20 = load(c, c2);
        FloatVector s30 = load(c, c3);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = load(b, bp);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[a1 + ap]);
            s10 = x1.fma(y0, s10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[a2 + ap]);
            s20 = x2.fma(y0, s20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[a3 + ap]);
            s30 = x3.fma(y0, s30);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
        s10.intoArray(c, c1);
        s20.intoArray(c, c2);
        s30.intoArray(c, c3);
    }

    private static void block1x1(
            int k, float[] a, int a0, int aColumn, float[] b, int b0, int bRow, float[] c, int c0) {
        FloatVector s00 = load(c, c0);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = load(b, bp);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
    }

    private static void tail4(
            int k,
            float[] a,
            int a0,
            int aRow,
            int aColumn,
            float[] b,
            int b0,
            int bRow,
            float[] c,
            int c0,
            int cRow,
            VectorMask<Float> mask) {
        FloatVector s0 = load(c, c0, mask);
        FloatVector s1 = load(c, c0 + cRow, mask);
        FloatVector s2 = load(c, c0 + 2 * cRow, mask);
        FloatVector s3 = load(c, c0 + 3 * cRow, mask);
        int bp = b0;
        int ap = a0;
        for (int p = 0; p < k; p++) {
            FloatVector y = load(b, bp, mask);
            s0 = y.fma(FloatVector.broadcast(SPECIES, a[ap]), s0);
            s1 = y.fma(FloatVector.broadcast(SPECIES, a[ap + aRow]), s1);
            s2 = y.fma(FloatVector.broadcast(SPECIES, a[ap + 2 * aRow]), s2);
            s3 = y.fma(FloatVector.broadcast(SPECIES, a[ap + 3 * aRow]), s3);
            bp += bRow;
            ap += aColumn;
        }
        s0.intoArray(c, c0, mask);
        s1.intoArray(c, c0 + cRow, mask);
        s2.intoArray(c, c0 + 2 * cRow, mask);
        s3.intoArray(c, c0 + 3 * cRow, mask);
    }

    private static void tail1(
            int k,
            float[] a,
            int a0,
            int aColumn,
            float[] b,
            int b0,
            int bRow,
            float[] c,
            int c0,
            VectorMask<Float> mask) {
        FloatVector s0 = load(c, c0, mask);
        int bp = b0;
        int ap = a0;
        for (int p = 0; p < k; p++) {
            FloatVector y = load(b, bp, mask);
            s0 = y.fma(FloatVector.broadcast(SPECIES, a[ap]), s0);
            bp += bRow;
            ap += aColumn;
        }
        s0.intoArray(c, c0, mask);
    }
}
