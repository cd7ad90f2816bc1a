package io.github.ttt4rec.kernels;

import static io.github.ttt4rec.kernels.Expected.GUARD;

import io.github.ttt4rec.testing.FiniteDifferences;
import io.github.ttt4rec.testing.Numbers;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The contract of all kernels: every kernel of both implementations is compared with plain loops in double. Inputs are
 * of magnitude 1; the tolerance of a result of length n is {@code n·2⁻²³} (at least 8·2⁻²³), the rounding error of n
 * additions. The inputs and all elements around the output must keep their bits.
 */
abstract class KernelsContract {
    private static final long SEED = 20240917;
    static final double ULP = 0x1p-23;

    final Kernels kernels;
    final Random random = new Random(SEED);

    record Named(String name, Kernels kernels) {
        @Override
        public String toString() {
            return name;
        }
    }

    KernelsContract(Named implementation) {
        kernels = implementation.kernels;
    }

    static Stream<Named> implementations() {
        return Stream.of(new ScalarKernels(), new VectorKernels()).map(k -> new Named(k.name(), k));
    }

    /** All lengths up to more than two of the widest vectors, and some typical ones. */
    static int[] lengths() {
        return IntStream.concat(IntStream.rangeClosed(1, 35), IntStream.of(64, 100, 257))
                .toArray();
    }

    static double tolerance(int length) {
        return Math.max(8, length) * ULP;
    }

    float[] array(int n) {
        return Numbers.uniform(random, n + 2 * GUARD, 1f);
    }

    static double derivative(DoubleUnaryOperator function, double x) {
        return FiniteDifferences.gradient(at -> function.applyAsDouble(at[0]), new double[] {x})[0];
    }
}
