package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.kernels.Kernels;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Element by element: activations, the parts of softmax, and the optimiser's update. */
@State(Scope.Thread)
public class ActivationBenchmark implements Counted {
    private static final Kernels KERNELS = Kernels.active();

    /** Elements: of all arrays together no more than the first-level cache holds. */
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

    /** The inner model's gradient differentiated; a slope of 1 keeps the gradient what it is. */
    @Benchmark
    public float[] geluSlopeBackward() {
        KERNELS.geluSlopeBackward(size, x, 0, ones, 0, y, 0, dy, 0, dx, 0);
        return dx;
    }

    /** SwiGLU's product. */
    @Benchmark
    public float[] siluMultiply() {
        KERNELS.siluMultiply(size, x, y, z);
        return z;
    }

    /** Its backward. */
    @Benchmark
    public float[] siluMultiplyBackward() {
        KERNELS.siluMultiplyBackward(size, x, y, z, dx, dy);
        return dx;
    }

    /** Softmax: exponentials in place, and their sum. They tend to 1 and stay there. */
    @Benchmark
    public float expAndSum() {
        return KERNELS.expAndSum(size, z, 0, 1f);
    }

    /** Softmax: the maximum before. */
    @Benchmark
    public float max() {
        return KERNELS.max(size, x, 0);
    }

    /** Adam; y is the gradient. */
    @Benchmark
    public float[] adam() {
        KERNELS.adam(0, size, z, y, dx, dy, 1e-6f, 1f, 0.9f, 0.999f, 1e-8f);
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
