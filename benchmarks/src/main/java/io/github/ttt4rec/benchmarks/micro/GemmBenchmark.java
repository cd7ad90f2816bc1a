package io.github.ttt4rec.benchmarks.micro;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.kernels.Matrix;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Matrix products {@code (m, k)·(k, n)} in the shapes that occur in the models. */
@State(Scope.Thread)
public class GemmBenchmark implements Counted {
    private static final Kernels KERNELS = Kernels.active();

    /** The place in the model where a product occurs, with the sizes of the default model and 512 tokens in a batch. */
    public enum Shape {
        /** The reference shape, 512×64×512. */
        SQUARE(512, 512, 64, false),
        /** Queries, keys, values, output. */
        PROJECTION(512, 64, 64, false),
        /** The output of a head, k = 16. */
        HEAD(512, 64, 16, false),
        /** The two wide maps of SwiGLU. */
        WIDE(512, 256, 64, false),
        /** The map back of SwiGLU, k = 256; the loss's gradient of the hidden vectors has the same shape. */
        DEEP(512, 64, 256, false),
        /** The gradient of a weight: inputs transposed, k = 128 rows at a time. */
        WEIGHT_GRADIENT(64, 64, 128, true),
        /** The item table's gradient in the loss: probabilities transposed, 256 items and 64 rows at a time. */
        TABLE_GRADIENT(256, 64, 64, true),
        /** The first layer on an inner mini-batch: 8 rows from f = 16 to 64. */
        INNER_UP(8, 64, 16, false),
        /** The second layer on an inner mini-batch: 8 rows from 64 to 16. */
        INNER_DOWN(8, 16, 64, false),
        /** The inner update of W1: 8 outer products. */
        INNER_UPDATE(16, 64, 8, true),
        /** A small shape for a test. */
        TINY(3, 5, 7, true);

        private final int m;
        private final int n;
        private final int k;
        private final boolean transposed;

        Shape(int m, int n, int k, boolean transposed) {
            this.m = m;
            this.n = n;
            this.k = k;
            this.transposed = transposed;
        }
    }

    /** The shape. */
    @Param({
        "SQUARE",
        "PROJECTION",
        "HEAD",
        "WIDE",
        "DEEP",
        "WEIGHT_GRADIENT",
        "TABLE_GRADIENT",
        "INNER_UP",
        "INNER_DOWN",
        "INNER_UPDATE"
    })
    public Shape shape;

    private float[] a;
    private float[] b;
    private float[] c;

    /**
     * Returns the names of the shapes in which a regular expression matches.
     *
     * @throws UserFacingException if there are none
     */
    public static String[] shapes(Pattern pattern) {
        String[] names = Arrays.stream(Shape.values())
                .map(Shape::name)
                .filter(name -> pattern.matcher(name).find())
                .toArray(String[]::new);
        if (names.length == 0) {
            throw new UserFacingException(
                    "no shape matches " + pattern + "; the shapes are " + Arrays.toString(Shape.values()));
        }
        return names;
    }

    /** Creates the matrices. */
    @Setup
    public void setUp() {
        a = Inputs.normal(shape.m * shape.k);
        b = Inputs.normal(shape.k * shape.n);
        c = new float[shape.m * shape.n];
    }

    /** {@code C = A·B}. */
    @Benchmark
    public float[] gemm() {
        int row = shape.transposed ? 1 : shape.k;
        int column = shape.transposed ? shape.m : 1;
        KERNELS.gemm(
                shape.m,
                shape.n,
                shape.k,
                new Matrix(a, 0, row, column),
                Matrix.of(b, 0, shape.n),
                Matrix.of(c, 0, shape.n),
                false);
        return c;
    }

    @Override
    public Work work(String method) {
        double m = shape.m;
        double n = shape.n;
        double k = shape.k;
        return Work.of(Operations.product(m, n, k), Float.BYTES * (m * k + k * n + m * n), 1, "products");
    }
}
