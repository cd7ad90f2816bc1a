package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.kernels.Kernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * Counts the calls of every kernel, and the operations of matrix products like {@code micro/Operations}: a multiply-add
 * counts as two. Used if the system property {@code ttt4rec.kernels} names this class.
 */
public final class CountingKernels {
    private static final Map<String, ToLongFunction<Object[]>> PRODUCTS = Map.of(
            "gemm", CountingKernels::product,
            "gemmRows", CountingKernels::product,
            "causalProducts", arguments -> pairs(arguments, 0),
            "causalSums", arguments -> pairs(arguments, 0),
            "causalColumnSums", arguments -> pairs(arguments, -1));

    private static final AtomicLong FLOPS = new AtomicLong();
    private static final Map<String, Long> CALLS = new TreeMap<>();

    private CountingKernels() {}

    /** The number of operations counted so far. */
    record Count(long flops, Map<String, Long> calls) {}

    /** Called when the kernels are chosen. */
    public static Kernels wrap(Kernels kernels) {
        return (Kernels) Proxy.newProxyInstance(
                CountingKernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    ToLongFunction<Object[]> product = PRODUCTS.get(method.getName());
                    if (product != null) {
                        FLOPS.addAndGet(product.applyAsLong(arguments));
                    }
                    synchronized (CALLS) {
                        CALLS.merge(method.getName(), 1L, Long::sum);
                    }
                    try {
                        return method.invoke(kernels, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static long product(Object[] mnk) {
        return 2L * (int) mnk[0] * (int) mnk[1] * (int) mnk[2];
    }

    /** The operations of a kernel of pairs, whose starts of groups follow {@code first}; -1 if it has all rows. */
    private static long pairs(Object[] arguments, int first) {
        int from = first < 0 ? 0 : (int) arguments[first];
        int[] starts = (int[]) arguments[first + 1];
        long pairs = 0;
        for (int g = 0; g < (int) arguments[first + 2]; g++) {
            for (int i = Math.max(from, starts[g]); i < starts[g + 1]; i++) {
                pairs += i - starts[g] + 1;
            }
        }
        return 2 * pairs * (int) arguments[first + 3];
    }

    /** Counts the operations of {@code work}, which may use several threads. Not thread-safe. */
    static Count of(Runnable work) {
        if (!Proxy.isProxyClass(Kernels.active().getClass())) {
            throw new IllegalStateException("nothing is counted: run with -Dttt4rec.kernels="
                    + CountingKernels.class.getName() + ", as Maven does");
        }
        FLOPS.set(0);
        synchronized (CALLS) {
            CALLS.clear();
        }
        work.run();
        synchronized (CALLS) {
            return new Count(FLOPS.get(), Map.copyOf(CALLS));
        }
    }
}
