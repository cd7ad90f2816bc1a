package io.github.ttt4rec.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * The times of single calls, in nanoseconds.
 *
 * @param sorted the times, shortest first; at least one
 */
record Latency(long[] sorted) {
    /** Makes {@code warmUps} untimed calls, then times {@code calls} calls one by one. */
    static Latency of(int warmUps, int calls, Runnable call) {
        for (int i = 0; i < warmUps; i++) {
            call.run();
        }
        long[] times = new long[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            call.run();
            times[i] = System.nanoTime() - start;
        }
        return of(times);
    }

    /** Creates latencies from times in any order. */
    static Latency of(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return new Latency(sorted);
    }

    /** Returns the quantile: the time that a share of the calls did not exceed. */
    double quantile(double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) Math.ceil(share * sorted.length) - 1)];
    }

    /** Formats a time in microseconds. */
    String micros(double share) {
        return String.format(Locale.ROOT, "%,.1f µs", quantile(share) / 1000);
    }
}
