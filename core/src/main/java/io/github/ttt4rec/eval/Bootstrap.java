package io.github.ttt4rec.eval;

import io.github.ttt4rec.internal.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The percentile bootstrap over users (Efron and Tibshirani 1993, chapters 8 and 13): a resample draws as many users as
 * the data has, with replacement, and takes all cases of each drawn user, because the cases of one user are not
 * independent.
 */
public final class Bootstrap {
    private static final double LOW = 0.025;
    private static final double HIGH = 0.975;

    private Bootstrap() {}

    /**
     * 95 % intervals of means over cases.
     *
     * @param userSums row-major {@code (users, width)}: each user's sums of {@code width - 1} metrics, then its number
     *     of cases, at least 1
     * @param width the number of metrics plus 1
     * @param resamples at least 1
     * @param seed the seed; each resample has its own generator, so that the result does not depend on the threads
     * @return {@code width - 1} intervals
     */
    public static List<Metric.Interval> intervals(double[] userSums, int width, int resamples, long seed, int threads)
            throws InterruptedException {
        double[][] means = new double[width - 1][resamples];
        Parallel.run(threads, "bootstrap", worker -> {
            for (int r = worker; r < resamples && !Thread.currentThread().isInterrupted(); r += threads) {
                resample(userSums, width, means, r, seed);
            }
        });
        List<Metric.Interval> intervals = new ArrayList<>();
        for (double[] values : means) {
            Arrays.sort(values);
            intervals.add(new Metric.Interval(quantile(values, LOW), quantile(values, HIGH)));
        }
        return intervals;
    }

    private static void resample(double[] userSums, int width, double[][] means, int resample, long seed) {
        // The generator mixes its seed, so consecutive seeds give unrelated streams.
        SplittableRandom random = new SplittableRandom(seed * 1_000_003L + resample);
        int users = userSums.length / width;
        double[] sums = new double[width];
        for (int i = 0; i < users; i++) {
            int row = random.nextInt(users) * width;
            for (int m = 0; m < width; m++) {
                sums[m] += userSums[row + m];
            }
        }
        for (int m = 0; m < width - 1; m++) {
            means[m][resample] = sums[m] / sums[width - 1];
        }
    }

    /** The quantile of sorted values, interpolated between neighbours. */
    static double quantile(double[] sorted, double probability) {
        double position = probability * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
