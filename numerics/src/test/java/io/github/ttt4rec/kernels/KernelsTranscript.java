package io.github.ttt4rec.kernels;

import io.github.ttt4rec.testing.Numbers;
import java.util.Random;

/**
 * Calls every kernel on fixed inputs and hashes the bits of all outputs. Run as a program, it prints the hash, for a
 * test that compares Java's interpreter with compiled code.
 */
final class KernelsTranscript {
    private static final long SEED = 77;
    /** Longer than any output below. */
    private static final int SIZE = 13 * 19;

    private static final int[] ROWS = {4, 13};

    private final Kernels kernels;
    private final float[] a = values(1);
    private final float[] b = values(2);
    private final float[] c = values(3);
    private final float[] positive = positive();
    /** The outputs, filled with the same values before each call. */
    private final float[][] out = new float[5][SIZE];

    private long hash;

    private static final float[] START = values(4);

    KernelsTranscript(Kernels kernels) {
        this.kernels = kernels;
    }

    private static float[] values(int which) {
        return Numbers.uniform(new Random(SEED + which), SIZE, 1.5f);
    }

    private static float[] positive() {
        float[] values = values(5);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    /** Prints the hashes of the scalar and the vector kernels after the given number of calls of each kernel. */
    public static void main(String[] arguments) {
        int calls = Integer.parseInt(arguments[0]);
        System.out.println(digest(new ScalarKernels(), calls) + " " + digest(new VectorKernels(), calls));
    }

    /** The hash of the last of {@code calls} calls. */
    static long digest(Kernels kernels, int calls) {
        KernelsTranscript transcript = new KernelsTranscript(kernels);
        long digest = 0;
        for (int i = 0; i < calls; i++) {
            digest = transcript.digest();
        }
        return digest;
    }

    /** Calls each kernel once and returns the hash of the outputs. */
    long digest() {
        hash = 0;
        for (int m : ROWS) {
            start();
            kernels.gemm(m, 19, 6, Matrix.of(a, 0, 6), Matrix.of(b, 0, 19), Matrix.of(out[0], 0, 19), true);
            kernels.gemm(m, 17, 6, new Matrix(a, 0, 1, m), Matrix.of(b, 0, 17), Matrix.of(out[1], 0, 17), false);
            add();
        }
        start();
        kernels.gemmRows(3, 4, 37, Matrix.of(a, 0, 37), Matrix.of(b, 0, 37), Matrix.of(out[0], 0, 4));
        int[] starts = {0, 1, 3};
        for (int n : new int[] {16, 37, 64}) {
            kernels.causalProducts(0, starts, 2, n, Slice.of(a), Slice.of(b), Matrix.of(out[0], 0, 8));
            kernels.causalSums(0, starts, 2, n, Matrix.of(b, 0, 8), Slice.of(a), Slice.of(out[1]));
            kernels.causalColumnSums(starts, 2, n, Matrix.of(b, 0, 8), Slice.of(a), Slice.of(out[2]));
            add();
            start();
        }
        kernels.copyRows(3, 37, a, 1, 37, out[0], 1, 38);
        kernels.addToRows(3, 37, b, 1, 37, out[0], 1, 38);
        add();
        start();
        kernels.axpy(37, 0.3f, a, 1, out[1], 2);
        kernels.scale(37, 0.3f, a, 1, out[2], 2);
        kernels.multiply(37, a, 1, b, 2, out[3], 3);
        kernels.multiplyAdd(37, a, 1, b, 2, out[4], 3);
        add();
        start();
        kernels.addRows(5, 37, a, 0, 37, out[0], 0);
        out[1][0] = kernels.dot(70, a, 0, b, 0);
        out[1][1] = kernels.max(37, a, 0);
        out[1][2] = kernels.expAndSum(37, out[2], 0, 0.1f);
        out[1][3] = kernels.countNotLess(37, a, 0, 0f);
        kernels.gelu(37, a, 0, out[3], 0, out[4], 0);
        add();
        start();
        kernels.geluSlopeBackward(
                37, Slice.of(a), new Slice(b, 1), new Slice(c, 2), Slice.of(out[0]), Slice.of(out[1]));
        kernels.siluMultiply(37, a, b, out[2]);
        kernels.siluMultiplyBackward(37, a, b, c, out[3], out[4]);
        add();
        start();
        kernels.transpose(11, 19, a, 0, 19, out[0], 0, 11);
        kernels.sigmoid(37, 0.2f, a, out[4]);
        add();
        start();
        kernels.normalGelu(37, a, out[0]);
        kernels.normalGeluBackward(37, a, b, out[1]);
        kernels.silu(37, a, out[2]);
        kernels.siluBackward(37, a, b, out[3]);
        add();
        start();
        kernels.softplus(37, a, out[0]);
        kernels.softplusBackward(37, a, b, out[1]);
        kernels.selectiveStep(
                7, 5, new SelectiveInputs(a, b, 1, c, a, b, 3), Slice.of(c), Slice.of(out[2]), Slice.of(out[3]));
        add();
        start();
        kernels.selectiveStepBackward(
                7,
                5,
                new SelectiveInputs(a, b, 1, a, b, c, 2),
                Slice.of(a),
                Slice.of(b),
                c,
                out[0],
                new SelectiveInputs(out[1], out[2], 1, out[3], out[4], out[4], 2));
        add();
        start();
        kernels.geluMultiply(37, a, b, out[0]);
        kernels.geluMultiplyBackward(37, a, b, c, out[1], out[2]);
        kernels.rmsNorm(2, 37, a, b, 1e-6f, out[3]);
        add();
        start();
        kernels.rmsNormBackward(2, 37, a, b, 1e-6f, c, out[0], out[1]);
        kernels.layerNorm(
                2, new RowNorm(new Affine(b, c, 0), 37, 1e-6f), Matrix.of(a, 0, 37), Matrix.of(out[2], 0, 37));
        add();
        start();
        kernels.layerNormBackward(
                2,
                new RowNorm(new Affine(b, b, 0), 37, 1e-6f),
                Matrix.of(a, 0, 37),
                Matrix.of(c, 0, 37),
                Matrix.of(out[0], 0, 37),
                new Affine(out[1], out[2], 0));
        kernels.normalizedRegression(
                2, new RowNorm(new Affine(c, c, 40), 37, 1e-6f), Slice.of(a), Slice.of(b), Slice.of(out[3]));
        add();
        start();
        kernels.normalizedRegressionBackward(
                2,
                new RowNorm(new Affine(c, c, 40), 37, 1e-6f),
                Slice.of(a),
                Slice.of(b),
                new Slice(b, 80),
                Slice.of(out[0]),
                Slice.of(out[1]),
                new Affine(out[2], out[3], 0));
        add();
        start();
        kernels.gru(2, 37, Slice.of(out[0]), Slice.of(b), Slice.of(c), Slice.of(out[1]));
        kernels.gruBackward(2, 37, Slice.of(out[2]), Slice.of(out[3]), Slice.of(a), Slice.of(b), Slice.of(out[4]));
        add();
        start();
        kernels.sigmoidScores(3, Slice.of(a), Matrix.of(b, 0, 37), c, Slice.of(out[0]));
        kernels.sigmoidScoresBackward(
                3, Slice.of(a), Matrix.of(b, 0, 37), c, new Slice(a, 40), Slice.of(out[1]), Slice.of(out[2]), out[3]);
        add();
        start();
        System.arraycopy(positive, 0, out[2], 0, SIZE);
        kernels.adam(1, 38, out[0], a, out[1], out[2], new AdamStep(0.01f, 2f, 0.9f, 0.999f, 1e-8f));
        add();
        return hash;
    }

    private void start() {
        for (float[] values : out) {
            System.arraycopy(START, 0, values, 0, SIZE);
        }
    }

    private void add() {
        for (float[] values : out) {
            for (float value : values) {
                hash = hash * 0x5851F42D4C957F2DL + Float.floatToRawIntBits(value);
            }
        }
    }
}
