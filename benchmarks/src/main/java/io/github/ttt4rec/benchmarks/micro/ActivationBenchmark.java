package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.kernels.AdamStep;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Slice;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Elementwise kernels: activations, the parts of softmax, and the optimiser's update. */
@State(Scope.Thread)
public class ActivationBenchmark implements Counted {
    private static final Kernels KERNELS = Kernels.active();

    /** The number of elements; all arrays together fit in the first-level cache. */
    @Param("1536")
    public int size;

    private float[] x;
    private float[] y;
    private float[] z;
    private float[] dx;
    private float[] dy;
    private float[] ones;

    /** Makes inputs. */
    @Setup
    public void setUp() {
        x = Inputs.normal(size);
        y = Inputs.normal(size);
        z = new float[size];
        dx = new float[size];
        dy = new float[size];
        ones = new float[size];
        Arrays.fill(ones, 1f);
    }

    /** The inner model's activation with its derivative. */
    @Benchmark
    public float[] gelu() {
        KERNELS.gelu(size, x, 0, z, 0, dx, 0);
        return z;
    }

    /** The derivative of the inner model's gradient; a slope of 1 leaves the gradient unchanged. */
    @Benchmark
    public float[] geluSlopeBackward() {
        KERNELS.geluSlopeBackward(size, Slice.of(x), Slice.of(ones), Slice.of(y), Slice.of(dy), Slice.of(dx));
        return dx;
    }

    /** The product of SwiGLU. */
    @Benchmark
    public float[] siluMultiply() {
        KERNELS.siluMultiply(size, x, y, z);
        return z;
    }

    /** The backward pass of {@link #siluMultiply}. */
    @Benchmark
    public float[] siluMultiplyBackward() {
        KERNELS.siluMultiplyBackward(size, x, y, z, dx, dy);
        return dx;
    }

    /** The exponentials of softmax, in place, and their sum. Repeated calls converge to 1. */
    @Benchmark
    public float expAndSum() {
        return KERNELS.expAndSum(size, z, 0, 1f);
    }

    /** The maximum that softmax subtracts. */
    @Benchmark
    public float max() {
        return KERNELS.max(size, x, 0);
    }

    /** An update of Adam; y is the gradient. */
    @Benchmark
    public float[] adam() {
        KERNELS.adam(0, size, z, y, dx, dy, new AdamStep(1e-6f, 1f, 0.9f, 0.999f, 1e-8f));
        return z;
    }

    @Override
    public Work work(String method) {
        double arrays = switch (method) {
            case "max" -> 1;
            case "expAndSum" -> 2;
            case "gelu", "siluMultiply" -> 3;
            case "geluSlopeBackward" -> 6;
            case "siluMultiplyBackward", "adam" -> 7;
            default -> throw Counted.unknown(method);
        };
        return Work.of(0, Float.BYTES * size * arrays, size, "floats");
    }
}
