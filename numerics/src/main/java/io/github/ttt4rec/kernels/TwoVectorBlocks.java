package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.LANES;
import static io.github.ttt4rec.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Blocks of {@link VectorGemm} of two vectors side by side: {@code C += A·B} over the whole inner dimension, for so many rows,
 * and {@link #block8x2Set}, {@code C = A·B}.
 */
final class TwoVectorBlocks {
    private TwoVectorBlocks() {}

    static void block8x2(
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
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, c, c6);
        FloatVector s61 = FloatVector.fromArray(SPECIES, c, c6 + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, c, c7);
        FloatVector s71 = FloatVector.fromArray(SPECIES, c, c7 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, bp + LANES);
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

    /**
     * The block that replaces C. It begins with zeros, and C's indices take no registers in the loop, where they are scarce.
     * The others add and begin with C: a method that did either would have a vector of zeros meet a loaded one before the loop,
     * and C2 then at times allocates each sum as an object; to add afterwards makes it longer than C2 likes to inline.
     */
    static void block8x2Set(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = FloatVector.zero(SPECIES);
        FloatVector s10 = FloatVector.zero(SPECIES);
        FloatVector s11 = FloatVector.zero(SPECIES);
        FloatVector s20 = FloatVector.zero(SPECIES);
        FloatVector s21 = FloatVector.zero(SPECIES);
        FloatVector s30 = FloatVector.zero(SPECIES);
        FloatVector s31 = FloatVector.zero(SPECIES);
        FloatVector s40 = FloatVector.zero(SPECIES);
        FloatVector s41 = FloatVector.zero(SPECIES);
        FloatVector s50 = FloatVector.zero(SPECIES);
        FloatVector s51 = FloatVector.zero(SPECIES);
        FloatVector s60 = FloatVector.zero(SPECIES);
        FloatVector s61 = FloatVector.zero(SPECIES);
        FloatVector s70 = FloatVector.zero(SPECIES);
        FloatVector s71 = FloatVector.zero(SPECIES);
        int bp = b0;
        int ap = a0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, bp + LANES);
            int i = ap;
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[i]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            i += aRow;
            FloatVector x1 = FloatVector.broadcast(SPECIES, a[i]);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            i += aRow;
            FloatVector x2 = FloatVector.broadcast(SPECIES, a[i]);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            i += aRow;
            FloatVector x3 = FloatVector.broadcast(SPECIES, a[i]);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            i += aRow;
            FloatVector x4 = FloatVector.broadcast(SPECIES, a[i]);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            i += aRow;
            FloatVector x5 = FloatVector.broadcast(SPECIES, a[i]);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
            i += aRow;
            FloatVector x6 = FloatVector.broadcast(SPECIES, a[i]);
            s60 = x6.fma(y0, s60);
            s61 = x6.fma(y1, s61);
            i += aRow;
            FloatVector x7 = FloatVector.broadcast(SPECIES, a[i]);
            s70 = x7.fma(y0, s70);
            s71 = x7.fma(y1, s71);
            bp += bRow;
            ap += aColumn;
        }
        int to = c0;
        s00.intoArray(c, to);
        s01.intoArray(c, to + LANES);
        to += cRow;
        s10.intoArray(c, to);
        s11.intoArray(c, to + LANES);
        to += cRow;
        s20.intoArray(c, to);
        s21.intoArray(c, to + LANES);
        to += cRow;
        s30.intoArray(c, to);
        s31.intoArray(c, to + LANES);
        to += cRow;
        s40.intoArray(c, to);
        s41.intoArray(c, to + LANES);
        to += cRow;
        s50.intoArray(c, to);
        s51.intoArray(c, to + LANES);
        to += cRow;
        s60.intoArray(c, to);
        s61.intoArray(c, to + LANES);
        to += cRow;
        s70.intoArray(c, to);
        s71.intoArray(c, to + LANES);
    }

    static void block4x2(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, bp + LANES);
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

    static void block2x2(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int c1 = c0 + cRow;
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, bp + LANES);
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

    static void block1x2(int k, float[] a, int a0, int aColumn, float[] b, int b0, int bRow, float[] c, int c0) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, bp + LANES);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
    }
}
