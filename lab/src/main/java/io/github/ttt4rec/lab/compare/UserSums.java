package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.eval.Bootstrap;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.internal.MetricSet;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A method's sums of metrics over each user's cases in a set, averaged over seeds.
 *
 * @param values {@code (users, metrics + 1)}, where the last column is the number of cases
 */
record UserSums(MetricSet metrics, double[] values) {
    static final int RESAMPLES = 1000;
    static final long SEED = 1;

    /**
     * A set of test cases, grouped by user.
     *
     * @param cases the indices of the cases, ascending
     * @param rows the row of each case's user among the users with such cases
     * @param users the number of users with such cases
     */
    record CaseSet(int[] cases, int[] rows, int users) {
        static CaseSet of(TestCases all, IntPredicate isIn) {
            int[] cases = IntStream.range(0, all.size()).filter(isIn).toArray();
            int[] rows = new int[cases.length];
            for (int i = 1; i < rows.length; i++) {
                boolean same = all.users()[cases[i]] == all.users()[cases[i - 1]];
                rows[i] = rows[i - 1] + (same ? 0 : 1);
            }
            return new CaseSet(cases, rows, rows.length == 0 ? 0 : rows[rows.length - 1] + 1);
        }
    }

    static UserSums of(MetricSet metrics, CaseSet set, List<int[]> runs) {
        int width = metrics.size() + 1;
        double[] values = new double[set.users() * width];
        double[] one = new double[metrics.size()];
        for (int[] ranks : runs) {
            for (int i = 0; i < set.cases().length; i++) {
                Arrays.fill(one, 0);
                metrics.add(ranks[set.cases()[i]], one, 0);
                for (int m = 0; m < one.length; m++) {
                    values[set.rows()[i] * width + m] += one[m] / runs.size();
                }
            }
        }
        for (int row : set.rows()) {
            values[row * width + metrics.size()]++;
        }
        return new UserSums(metrics, values);
    }

    private int width() {
        return metrics.size() + 1;
    }

    private double sum(int column) {
        double sum = 0;
        for (int at = column; at < values.length; at += width()) {
            sum += values[at];
        }
        return sum;
    }

    /** The mean of a metric over cases. */
    double mean(String metric) {
        return sum(metrics.names().indexOf(metric)) / sum(metrics.size());
    }

    /** The number of users. */
    int users() {
        return values.length / width();
    }

    /**
     * The 95 % intervals of the means of all metrics over cases, by a bootstrap over users with all their cases; empty
     * with fewer than two users.
     */
    Map<String, Metric.Interval> intervals(int threads) throws InterruptedException {
        if (users() < 2) {
            return Map.of();
        }
        List<Metric.Interval> intervals = Bootstrap.intervals(values, width(), RESAMPLES, SEED, threads);
        Map<String, Metric.Interval> named = new LinkedHashMap<>();
        for (int m = 0; m < metrics.size(); m++) {
            named.put(metrics.names().get(m), intervals.get(m));
        }
        return named;
    }

    /**
     * For each user the difference of the sums of {@link Results#HEADLINE} to those of another method, and the number
     * of cases.
     */
    double[] less(UserSums other) {
        int headline = metrics.names().indexOf(Results.HEADLINE);
        double[] differences = new double[2 * values.length / width()];
        for (int user = 0; user < differences.length / 2; user++) {
            int at = user * width();
            differences[2 * user] = values[at + headline] - other.values[at + headline];
            differences[2 * user + 1] = values[at + metrics.size()];
        }
        return differences;
    }
}
