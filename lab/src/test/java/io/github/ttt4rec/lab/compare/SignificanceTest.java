package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignificanceTest {
    private static final int RESAMPLES = 2000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 63, 64, 65, 200})
    void testEqualsThePermutationTestWithOneSignAtATime(int pairs) {
        for (long seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            double[] differences = random.doubles(pairs)
                    .map(x -> x < 0.3 ? 0 : Math.round((x - 0.55) * 20) / 7.0)
                    .toArray();
            assertThat(Significance.pairedPValue(differences, RESAMPLES, seed))
                    .as("%d pairs, seed %d", pairs, seed)
                    .isEqualTo(naive(differences, RESAMPLES, seed));
        }
    }

    /** Draws one bit for each pair with a difference, the lowest bit first. */
    private static double naive(double[] differences, int resamples, long seed) {
        double observed = 0;
        for (double difference : differences) {
            observed += difference;
        }
        int reached = 0;
        for (int r = 0; r < resamples; r++) {
            SplittableRandom random = new SplittableRandom(seed * 1_000_003L + r);
            double sum = 0;
            long bits = 0;
            int drawn = 0;
            for (double difference : differences) {
                if (difference != 0) {
                    bits = drawn++ % 64 == 0 ? random.nextLong() : bits >>> 1;
                    sum += (bits & 1) == 1 ? -difference : difference;
                }
            }
            reached += Math.abs(sum) >= Math.abs(observed) - 1e-9 ? 1 : 0;
        }
        return (reached + 1.0) / (resamples + 1.0);
    }

    @Test
    void pValueIsNearTheExactOneIfAllSignsCanBeTried() {
        // Two of the 16 ways to sign 1, 2, 3, 4 give a sum of at least 10 in absolute value.
        assertThat(Significance.pairedPValue(new double[] {1, 2, 3, 4}, 100_000, 5))
                .isCloseTo(2 / 16.0, within(0.005));
    }

    @Test
    void withoutAnyDifferenceThereIsNoEvidence() {
        assertThat(Significance.pairedPValue(new double[5], 100, 1)).isEqualTo(1);
    }

    @Test
    void holmByHand() {
        // In ascending order 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1; never below the value before.
        assertThat(Significance.holm(new double[] {0.01, 0.04, 0.03, 0.005}))
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(0.03, 0.06, 0.06, 0.02);
        assertThat(Significance.holm(new double[] {0.6, 0.7})).containsExactly(1, 1);
        assertThat(Significance.holm(new double[0])).isEmpty();
    }
}
