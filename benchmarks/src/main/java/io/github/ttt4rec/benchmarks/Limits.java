package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.benchmarks.micro.BandwidthBenchmark;
import io.github.ttt4rec.benchmarks.micro.PeakBenchmark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.DoubleSupplier;

/**
 * The machine's limits, measured in this process on several threads at once, for comparison with jobs that cannot run in
 * JMH.
 *
 * @param threads the number of threads
 * @param gigaflops floating-point operations of all threads together, in 10⁹ per second; a multiply-add counts as two
 * @param gigabytes traffic to and from main memory of all threads together, in 10⁹ bytes per second
 */
record Limits(int threads, double gigaflops, double gigabytes) {
    private static final long WARM_UP_NANOS = 1_000_000_000;
    private static final long ROUND_NANOS = 100_000_000;
    private static final int ROUNDS = 6;

    /** Measures the limits; takes about six seconds. */
    static Limits measure(int threads) throws InterruptedException {
        double flops = 0;
        // Measures only widths that the machine supports: wider vectors would be heap objects, and their loops would
        // not compile to vector instructions.
        for (String method : PeakBenchmark.methods()) {
            flops = Math.max(flops, together(threads, () -> {
                PeakBenchmark peak = new PeakBenchmark();
                DoubleSupplier call = switch (method) {
                    case "fma128" -> peak::fma128;
                    case "fma256" -> peak::fma256;
                    default -> peak::fma512;
                };
                return bestRate(call, peak.work(method).flops());
            }));
        }
        double bytes = together(threads, () -> {
            BandwidthBenchmark memory = new BandwidthBenchmark();
            memory.level = BandwidthBenchmark.Level.RAM;
            memory.setUp();
            return bestRate(() -> memory.copy()[0], memory.work("copy").bytes());
        });
        return new Limits(threads, flops, bytes);
    }

    private static double together(int threads, Callable<Double> rate) throws InterruptedException {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            double sum = 0;
            for (var one : executor.invokeAll(new ArrayList<>(Collections.nCopies(threads, rate)))) {
                sum += one.get();
            }
            return sum;
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        }
    }

    /** Returns the highest rate of several rounds, in units per nanosecond. */
    private static double bestRate(DoubleSupplier call, double units) {
        rate(call, units, WARM_UP_NANOS);
        double best = 0;
        for (int i = 0; i < ROUNDS; i++) {
            best = Math.max(best, rate(call, units, ROUND_NANOS));
        }
        return best;
    }

    private static double rate(DoubleSupplier call, double units, long nanos) {
        long start = System.nanoTime();
        long calls = 0;
        double sum = 0;
        long elapsed;
        do {
            sum += call.getAsDouble();
            calls++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < nanos);
        if (!Double.isFinite(sum)) { // Reading the results also keeps the compiler from removing the computation.
            throw new IllegalStateException("the measured computation gave a number that is not finite");
        }
        return calls * units / elapsed;
    }
}
