package io.github.ttt4rec.eval;

import org.jspecify.annotations.Nullable;

/**
 * A metric, averaged over cases.
 *
 * @param name the metric's name, such as {@code NDCG@10}
 * @param value the mean, in 0..1
 * @param interval the 95 % confidence interval; null if none was requested, or all cases are of one user
 */
public record Metric(String name, double value, @Nullable Interval interval) {
    /** The 2.5 % and 97.5 % quantiles of the bootstrap over users. */
    public record Interval(double low, double high) {}
}
