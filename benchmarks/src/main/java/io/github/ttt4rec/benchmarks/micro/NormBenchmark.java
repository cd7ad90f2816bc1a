package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.kernels.Affine;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import io.github.ttt4rec.kernels.RowNorm;
import io.github.ttt4rec.kernels.Slice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The norms over rows: d = 64 in the block, f = 16 in the inner loss. */
@State(Scope.Thread)
public class NormBenchmark implements Counted {
    private static final Kernels KERNELS = Kernels.active();
    private static final int D = 64;
    private static final int F = 16;
    private static final float EPSILON = 1e-6f;

    /** The number of rows of d values; all arrays together fit in the second-level cache. */
    @Param("256")
    public int rows;

    private float[] x;
    private float[] dy;
    private float[] y;
    private float[] dx;
    private float[] gain;
    private float[] bias;
    private float[] dGain;
    private float[] dBias;

    /** Creates the rows. */
    @Setup
    public void setUp() {
        x = Inputs.normal(rows * D);
        dy = Inputs.normal(rows * D);
        y = new float[rows * D];
        dx = new float[rows * D];
        gain = Inputs.normal(D);
        bias = Inputs.normal(D);
        dGain = new float[D];
        dBias = new float[D];
    }

    /** RMSNorm. */
    @Benchmark
    public float[] rmsNorm() {
        KERNELS.rmsNorm(rows, D, x, gain, EPSILON, y);
        return y;
    }

    /** Its backward pass. */
    @Benchmark
    public float[] rmsNormBackward() {
        KERNELS.rmsNormBackward(rows, D, x, gain, EPSILON, dy, dx, dGain);
        return dx;
    }

    /** LayerNorm. */
    @Benchmark
    public float[] layerNorm() {
        KERNELS.layerNorm(
                rows, new RowNorm(new Affine(gain, bias, 0), D, EPSILON), Matrix.of(x, 0, D), Matrix.of(y, 0, D));
        return y;
    }

    /** Its backward pass. */
    @Benchmark
    public float[] layerNormBackward() {
        KERNELS.layerNormBackward(
                rows,
                new RowNorm(new Affine(gain, bias, 0), D, EPSILON),
                Matrix.of(x, 0, D),
                Matrix.of(dy, 0, D),
                Matrix.of(dx, 0, D),
                new Affine(dGain, dBias, 0));
        return dx;
    }

    /** The gradient of the inner loss on rows of a head. */
    @Benchmark
    public float[] normalizedRegression() {
        KERNELS.normalizedRegression(
                headRows(), new RowNorm(new Affine(gain, bias, 0), F, EPSILON), Slice.of(x), Slice.of(dy), Slice.of(y));
        return y;
    }

    /** Its backward pass: second derivatives of the inner loss. */
    @Benchmark
    public float[] normalizedRegressionBackward() {
        int o = 0;
        KERNELS.normalizedRegressionBackward(
                headRows(),
                new RowNorm(new Affine(gain, bias, o), F, EPSILON),
                new Slice(x, o),
                new Slice(dy, o),
                new Slice(dy, o),
                new Slice(y, o),
                new Slice(dx, o),
                new Affine(dGain, dBias, o));
        return y;
    }

    private int headRows() {
        return rows * D / F;
    }

    @Override
    public Work work(String method) {
        double n = (double) rows * D;
        double arrays = switch (method) {
            case "rmsNorm", "layerNorm" -> 2;
            case "normalizedRegression" -> 3;
            // dx is read and written.
            case "rmsNormBackward", "layerNormBackward" -> 4;
            case "normalizedRegressionBackward" -> 5;
            default -> throw Counted.unknown(method);
        };
        return Work.of(0, Float.BYTES * n * arrays, n, "floats");
    }
}
