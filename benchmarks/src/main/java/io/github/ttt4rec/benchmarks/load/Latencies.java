package io.github.ttt4rec.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * How long requests took, in milliseconds, to three significant digits.
 *
 * @param count how many requests were answered well
 * @param p50 the time within which half of them were
 * @param p90 the time within which 90 % were
 * @param p99 the time within which 99 % were
 * @param p999 the time within which 99.9 % were
 * @param max the longest time
 */
public record Latencies(long count, double p50, double p90, double p99, double p999, double max) {
    /** Summarises times in microseconds. */
    static Latencies of(Histogram micros) {
        return new Latencies(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(90) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getValueAtPercentile(99.9) / 1e3,
                micros.getMaxValue() / 1e3);
    }
}
