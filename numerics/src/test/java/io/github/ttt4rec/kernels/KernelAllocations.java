package io.github.ttt4rec.kernels;

import com.sun.management.ThreadMXBean;
import io.github.ttt4rec.testing.Numbers;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures the bytes that each vector kernel allocates, for the sizes of the default model (heads of 16, rows of 64)
 * and for sizes that are not multiples of the vector length. Run as a program, it prints one line per kernel with its
 * name and the bytes per call. A test runs it for each vector width, with {@code -Xbatch}, so that a method is compiled
 * before its next call and timing does not matter.
 */
final class KernelAllocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SIZE = 1 << 15;
    /** Compilation finishes after some ten thousand calls: first of the method, then of the code that inlines it. */
    private static final int MAX_BATCHES = 60;

    private static final int BATCH = 500;

    private final Kernels kernels;
    private final float[] a = values(1);
    private final float[] b = values(2);
    private final float[] c = values(3);
    private final float[] o1 = values(4);
    private final float[] o2 = values(5);
    private final float[] o3 = values(6);
    private final float[] o4 = values(7);
    private final Map<String, Runnable> calls = new LinkedHashMap<>();

    KernelAllocations(Kernels kernels) {
        this.kernels = kernels;
        matrices();
        elements();
        activations();
        for (int n : new int[] {16, 37, 64}) {
            norms(n);
            states(n);
        }
    }

    private static float[] values(int seed) {
        return Numbers.uniform(new Random(seed), SIZE, 0.5f);
    }

    /** Prints the bytes per call of each kernel whose name contains the argument, or of all kernels. */
    public static void main(String[] arguments) {
        String wanted = arguments.length > 0 ? arguments[0] : "";
        new KernelAllocations(new VectorKernels()).calls.forEach((name, call) -> {
            if (name.contains(wanted)) {
                System.out.println(name + " " + bytes(call));
            }
        });
    }

    /** The smallest number of bytes per call over several batches; stops at the first batch that allocates none. */
    private static long bytes(Runnable call) {
        long least = Long.MAX_VALUE;
        for (int batch = 0; batch < MAX_BATCHES && least > 0; batch++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < BATCH; i++) {
                call.run();
            }
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / BATCH);
        }
        return least;
    }

    /** The names of the kernels that are measured. */
    Set<String> names() {
        return calls.keySet().stream().map(name -> name.split(" ", 0)[0]).collect(Collectors.toSet());
    }

    private void add(String name, Runnable call) {
        calls.put(name, call);
    }

    private void matrices() {
        product(8, 64, 16, false);
        product(8, 16, 64, false);
        product(16, 64, 8, true);
        product(24, 80, 20, false);
        product(24, 67, 20, true);
        product(5, 7, 3, false);
        for (int m = 1; m <= 8; m++) {
            product(m, 16, 64, false);
            product(m, 32, 8, false);
        }
        for (int k : new int[] {16, 37}) {
            add(
                    "gemmRows " + k,
                    () -> kernels.gemmRows(5, 6, k, Matrix.of(a, 0, k), Matrix.of(b, 0, k), Matrix.of(o1, 0, 6)));
            add("dot " + k, () -> o1[0] = kernels.dot(k, a, 0, b, 0));
        }
        for (int n : new int[] {16, 37, 64}) {
            int[] starts = {0, 3, 5};
            Matrix pairs = Matrix.of(c, 0, 8);
            add(
                    "causalProducts " + n,
                    () -> kernels.causalProducts(0, starts, 2, n, Slice.of(a), Slice.of(b), Matrix.of(o1, 0, 8)));
            add("causalSums " + n, () -> kernels.causalSums(0, starts, 2, n, pairs, Slice.of(a), Slice.of(o2)));
            add(
                    "causalColumnSums " + n,
                    () -> kernels.causalColumnSums(starts, 2, n, pairs, Slice.of(a), Slice.of(o3)));
        }
        add("transpose", () -> kernels.transpose(17, 16, a, 0, 16, o1, 0, 17));
    }

    private void product(int m, int n, int k, boolean transposed) {
        String name = "gemm " + m + " " + n + " " + k + (transposed ? " transposed" : "");
        int row = transposed ? 1 : k;
        int column = transposed ? m : 1;
        add(
                name,
                () -> kernels.gemm(
                        m, n, k, new Matrix(a, 0, row, column), Matrix.of(b, 0, n), Matrix.of(o1, 0, n), false));
        add(
                name + " added",
                () -> kernels.gemm(
                        m, n, k, new Matrix(a, 0, row, column), Matrix.of(b, 0, n), Matrix.of(o2, 0, n), true));
    }

    private void elements() {
        for (int n : new int[] {64, 37}) {
            add("axpy " + n, () -> kernels.axpy(n, 1e-6f, a, 0, o1, 0));
            add("scale " + n, () -> kernels.scale(n, 0.5f, a, 0, o1, 0));
            add("multiply " + n, () -> kernels.multiply(n, a, 0, b, 0, o1, 0));
            add("multiplyAdd " + n, () -> kernels.multiplyAdd(n, a, 0, b, 0, o1, 0));
            add("addRows " + n, () -> kernels.addRows(5, n, a, 0, n, o1, 0));
            add("copyRows " + n, () -> kernels.copyRows(5, n, a, 0, n, o1, 0, n));
            add("addToRows " + n, () -> kernels.addToRows(5, n, a, 0, n, o1, 0, n));
            add("max " + n, () -> o1[0] = kernels.max(n, a, 0));
            add("expAndSum " + n, () -> o1[0] = kernels.expAndSum(n, o2, 0, 1f));
            add("countNotLess " + n, () -> o1[0] = kernels.countNotLess(n, a, 0, 0f));
            add("adam " + n, () -> kernels.adam(0, n, o1, a, o2, o3, new AdamStep(0.01f, 2f, 0.9f, 0.999f, 1e-8f)));
        }
    }

    private void activations() {
        for (int n : new int[] {256, 37}) {
            add("gelu " + n, () -> kernels.gelu(n, a, 0, o1, 0, o2, 0));
            add(
                    "geluSlopeBackward " + n,
                    () -> kernels.geluSlopeBackward(
                            n, Slice.of(a), Slice.of(b), Slice.of(c), Slice.of(o1), Slice.of(o2)));
            add("siluMultiply " + n, () -> kernels.siluMultiply(n, a, b, o1));
            add("siluMultiplyBackward " + n, () -> kernels.siluMultiplyBackward(n, a, b, c, o1, o2));
            add("geluMultiply " + n, () -> kernels.geluMultiply(n, a, b, o1));
            add("geluMultiplyBackward " + n, () -> kernels.geluMultiplyBackward(n, a, b, c, o1, o2));
            add("normalGelu " + n, () -> kernels.normalGelu(n, a, o1));
            add("normalGeluBackward " + n, () -> kernels.normalGeluBackward(n, a, b, o1));
            add("silu " + n, () -> kernels.silu(n, a, o1));
            add("siluBackward " + n, () -> kernels.siluBackward(n, a, b, o1));
            add("softplus " + n, () -> kernels.softplus(n, a, o1));
            add("softplusBackward " + n, () -> kernels.softplusBackward(n, a, b, o1));
            add("sigmoid " + n, () -> kernels.sigmoid(n, 0.2f, a, o1));
        }
    }

    private void norms(int n) {
        add("rmsNorm " + n, () -> kernels.rmsNorm(5, n, a, b, 1e-6f, o1));
        add("rmsNormBackward " + n, () -> kernels.rmsNormBackward(5, n, a, b, 1e-6f, c, o1, o2));
        add(
                "layerNorm " + n,
                () -> kernels.layerNorm(
                        5, new RowNorm(new Affine(b, c, 0), n, 1e-6f), Matrix.of(a, 0, n), Matrix.of(o1, 0, n)));
        add(
                "layerNormBackward " + n,
                () -> kernels.layerNormBackward(
                        5,
                        new RowNorm(new Affine(b, b, 0), n, 1e-6f),
                        Matrix.of(a, 0, n),
                        Matrix.of(c, 0, n),
                        Matrix.of(o1, 0, n),
                        new Affine(o2, o3, 0)));
        add(
                "normalizedRegression " + n,
                () -> kernels.normalizedRegression(
                        5, new RowNorm(new Affine(c, c, 512), n, 1e-6f), Slice.of(a), Slice.of(b), Slice.of(o1)));
        add(
                "normalizedRegressionBackward " + n,
                () -> kernels.normalizedRegressionBackward(
                        5,
                        new RowNorm(new Affine(c, c, 512), n, 1e-6f),
                        Slice.of(a),
                        Slice.of(b),
                        new Slice(b, 512),
                        Slice.of(o1),
                        Slice.of(o2),
                        new Affine(o3, o4, 0)));
    }

    private void states(int n) {
        add(
                "selectiveStep " + n,
                () -> kernels.selectiveStep(
                        n, 5, new SelectiveInputs(a, b, 0, c, a, b, 512), Slice.of(c), Slice.of(o2), Slice.of(o3)));
        add(
                "selectiveStepBackward " + n,
                () -> kernels.selectiveStepBackward(
                        n,
                        5,
                        new SelectiveInputs(a, b, 0, a, b, c, 0),
                        Slice.of(a),
                        Slice.of(b),
                        c,
                        o1,
                        new SelectiveInputs(o2, o3, 0, o4, o4, o4, 0)));
        add("gru " + n, () -> kernels.gru(2, n, Slice.of(o1), Slice.of(b), Slice.of(c), Slice.of(o2)));
        add(
                "gruBackward " + n,
                () -> kernels.gruBackward(2, n, Slice.of(o3), Slice.of(o4), Slice.of(a), Slice.of(b), Slice.of(o2)));
        add("sigmoidScores " + n, () -> kernels.sigmoidScores(3, Slice.of(a), Matrix.of(b, 0, n), c, Slice.of(o1)));
        add(
                "sigmoidScoresBackward " + n,
                () -> kernels.sigmoidScoresBackward(
                        3, Slice.of(a), Matrix.of(b, 0, n), c, new Slice(a, 512), Slice.of(o1), Slice.of(o2), o3));
    }
}
