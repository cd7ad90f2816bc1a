package io.github.ttt4rec.lab.compare;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Tests of significance. */
final class Significance {
    /** A sum that differs from the observed one only by rounding is counted as equal. */
    private static final double ROUNDING = 1 - 1e-9;

    private Significance() {}

    /**
     * Two-sided p-value of a paired permutation test (Fisher 1935; Smucker et al. 2007 recommend it for retrieval):
     * under the null hypothesis, each pair's difference has a random sign. The p-value is the share of resamples,
     * including the observed one, whose sum is at least as far from 0 as the observed sum.
     *
     * @param differences the difference of each pair
     * @param resamples at least 1
     * @param seed the seed; each resample has its own generator, of which each byte gives the signs of eight pairs
     */
    static double pairedPValue(double[] differences, int resamples, long seed) {
        // A pair without a difference has no sign.
        double[] moved = Arrays.stream(differences).filter(d -> d != 0).toArray();
        double total = Arrays.stream(moved).sum();
        double observed = Math.abs(total) * ROUNDING;
        int bytes = (moved.length + 7) / 8;
        // For every eight pairs, the sums of all their 256 subsets, so that one random byte flips eight signs at once.
        double[] flipped = new double[bytes * 256];
        for (int b = 0; b < bytes; b++) {
            for (int subset = 1; subset < 256; subset++) {
                int pair = b * 8 + Integer.numberOfTrailingZeros(subset);
                flipped[b * 256 + subset] =
                        flipped[b * 256 + (subset & (subset - 1))] + (pair < moved.length ? moved[pair] : 0);
            }
        }
        long reached = IntStream.range(0, resamples)
                .parallel()
                .filter(r -> {
                    SplittableRandom random = new SplittableRandom(seed * 1_000_003L + r);
                    double sum = 0;
                    long bits = 0;
                    for (int b = 0; b < bytes; b++) {
                        bits = b % 8 == 0 ? random.nextLong() : bits >>> 8;
                        sum += flipped[b * 256 + (int) (bits & 0xff)];
                    }
                    return Math.abs(total - 2 * sum) >= observed;
                })
                .count();
        return (reached + 1.0) / (resamples + 1.0);
    }

    /**
     * Holm's step-down correction (1979). The corrected p-values can be compared with the significance level of the
     * whole family.
     */
    static double[] holm(double[] pValues) {
        int[] ascending = IntStream.range(0, pValues.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> pValues[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] corrected = new double[pValues.length];
        double least = 0;
        for (int i = 0; i < ascending.length; i++) {
            least = Math.max(least, Math.min(1, (ascending.length - i) * pValues[ascending[i]]));
            corrected[ascending[i]] = least;
        }
        return corrected;
    }
}
