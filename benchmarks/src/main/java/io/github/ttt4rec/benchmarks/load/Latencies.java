package io.github.ttt4rec.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * Quantiles of request times in milliseconds, to three significant digits.
 *
 * @param count the number of successful requests
 * @param p50 the median time
 * @param p90 the 90 % quantile
 * @param p99 the 99 % quantile
 * @param p999 the 99.9 % quantile
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
