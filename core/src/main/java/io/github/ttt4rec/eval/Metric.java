package io.github.ttt4rec.eval;

import org.jspecify.annotations.Nullable;

/**
 * A metric, averaged over cases.
 *
 * @param name such as {@code NDCG@10}
 * @param value in 0..1
 * @param interval its 95 % interval; null if none was asked for
 */
public record Metric(String name, double value, @Nullable Interval interval) {
    /** The 2.5 % and 97.5 % points of the bootstrap over users. */
    public record Interval(double low, double high) {}
}
