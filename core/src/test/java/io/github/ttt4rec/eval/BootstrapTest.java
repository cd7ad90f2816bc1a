package io.github.ttt4rec.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final long SEED = 3;

    @Test
    void agreesWithTheNormalApproximation() throws InterruptedException {
        // 4,000 users with one case each, half of them hits: the standard error is sqrt(.25 / 4000).
        int users = 4_000;
        double[] sums = new double[users * 2];
        for (int u = 0; u < users; u++) {
            sums[2 * u] = u % 2;
            sums[2 * u + 1] = 1;
        }
        Metric.Interval interval = Bootstrap.intervals(sums, 2, 2_000, SEED, 2).getFirst();
        double error = Math.sqrt(0.25 / users);
        assertThat(interval.low()).isCloseTo(0.5 - 1.96 * error, within(0.1 * error));
        assertThat(interval.high()).isCloseTo(0.5 + 1.96 * error, within(0.1 * error));
    }

    @Test
    void casesOfAUserStayTogether() throws InterruptedException {
        // 100 users with 50 equal cases each are equivalent to 100 draws, not 5,000.
        Random random = new Random(SEED);
        double[] sums = new double[100 * 2];
        int hits = 0;
        for (int u = 0; u < 100; u++) {
            boolean hit = random.nextBoolean();
            hits += hit ? 1 : 0;
            sums[2 * u] = hit ? 50 : 0;
            sums[2 * u + 1] = 50;
        }
        double mean = hits / 100.0;
        double error = Math.sqrt(mean * (1 - mean) / 100);
        Metric.Interval interval = Bootstrap.intervals(sums, 2, 2_000, SEED, 1).getFirst();
        assertThat(interval.high() - interval.low()).isCloseTo(2 * 1.96 * error, within(0.3 * error));
    }

    @Test
    void dependsOnTheSeedAlone() throws InterruptedException {
        double[] sums = new Random(SEED).doubles(300).map(x -> x + 1).toArray();
        List<Metric.Interval> one = Bootstrap.intervals(sums, 3, 101, 1, 1);
        assertThat(Bootstrap.intervals(sums, 3, 101, 1, 4)).isEqualTo(one);
        assertThat(Bootstrap.intervals(sums, 3, 101, 2, 1)).isNotEqualTo(one);
        assertThat(Bootstrap.intervals(new double[] {2, 4, 2, 4}, 2, 10, 1, 1))
                .containsExactly(new Metric.Interval(0.5, 0.5));
    }

    @Test
    void quantilesAreInterpolated() {
        double[] sorted = {0, 10, 20, 30, 40};
        assertThat(Bootstrap.quantile(sorted, 0)).isZero();
        assertThat(Bootstrap.quantile(sorted, 1)).isEqualTo(40);
        assertThat(Bootstrap.quantile(sorted, 0.5)).isEqualTo(20);
        assertThat(Bootstrap.quantile(sorted, 0.1)).isCloseTo(4, within(1e-12));
        assertThat(Bootstrap.quantile(new double[] {7}, 0.3)).isEqualTo(7);
    }
}
