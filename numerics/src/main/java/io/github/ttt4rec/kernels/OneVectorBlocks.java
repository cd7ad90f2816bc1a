package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Blocks of {@link VectorGemm} of one vector, or of part of one: {@code C += A·B} over the whole inner dimension. */
final class OneVectorBlocks {
    private OneVectorBlocks() {}

    static void block8x1(
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
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s50 = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s60 = FloatVector.fromArray(SPECIES, c, c6);
        FloatVector s70 = FloatVector.fromArray(SPECIES, c, c7);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
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

    static void block4x1(
            int k, float[] a, int a0, int aRow, int aColumn, float[] b, int b0, int bRow, float[] c, int c0, int cRow) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
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

    static void block1x1(int k, float[] a, int a0, int aColumn, float[] b, int b0, int bRow, float[] c, int c0) {
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        int bp = b0;
        int ap = 0;
        for (int p = 0; p < k; p++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a[a0 + ap]);
            s00 = x0.fma(y0, s00);
            bp += bRow;
            ap += aColumn;
        }
        s00.intoArray(c, c0);
    }

    static void tail4(
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
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0, mask);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + cRow, mask);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cRow, mask);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cRow, mask);
        int bp = b0;
        int ap = a0;
        for (int p = 0; p < k; p++) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, bp, mask);
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

    static void tail1(
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
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0, mask);
        int bp = b0;
        int ap = a0;
        for (int p = 0; p < k; p++) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, bp, mask);
            s0 = y.fma(FloatVector.broadcast(SPECIES, a[ap]), s0);
            bp += bRow;
            ap += aColumn;
        }
        s0.intoArray(c, c0, mask);
    }
}
