package io.github.ttt4rec.cli.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.retrain.Gate.Verdict;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final double MARGIN = 0.05;
    private static final double SERVED = 0.2;
    private static final int CASES = 5;

    @Test
    void equalModelPassesOnceEnoughEventsRuleOutALoss() throws InterruptedException {
        assertThat(gate(4_000, 0, 0.05).verdict()).isEqualTo(Verdict.PASSES);
        assertThat(gate(20, 0, 0.05).verdict()).isNotEqualTo(Verdict.PASSES);
    }

    @Test
    void lossWithinTheMarginPassesAndALossBeyondItDoesNot() throws InterruptedException {
        double tolerated = MARGIN * SERVED;
        assertThat(gate(4_000, -0.5 * tolerated, 0.05).verdict()).isEqualTo(Verdict.PASSES);
        assertThat(gate(4_000, -0.95 * tolerated, 0.05).verdict()).isEqualTo(Verdict.WORSE);
        assertThat(gate(4_000, -2 * tolerated, 0.05).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void betterMeanDoesNotPassByItself() throws InterruptedException {
        Gate gate = gate(30, 0.01, 0.1);
        assertThat(gate.candidate()).isGreaterThan(gate.served());
        assertThat(gate.low()).isLessThan(-gate.margin());
        assertThat(gate.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(gate(4_000, 0.01, 0.1).verdict()).isEqualTo(Verdict.PASSES);
    }

    @Test
    void gateWithoutCasesHasNone() throws InterruptedException {
        assertThat(Gate.of(new double[0], MARGIN, 1).cases()).isZero();
    }

    /** Makes users with five cases each, whose mean differences have the given mean and standard deviation. */
    private static Gate gate(int users, double difference, double deviation) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(8);
        double[] sums = new double[Gate.WIDTH * users];
        double[] noise = random.doubles(users, -1, 1).toArray();
        double mean = 0;
        for (double one : noise) {
            mean += one / users;
        }
        for (int user = 0; user < users; user++) {
            // A uniform random number in [-1, 1] has the standard deviation 1/√3.
            double own = difference + (noise[user] - mean) * deviation * Math.sqrt(3);
            sums[Gate.WIDTH * user] = CASES * own;
            sums[Gate.WIDTH * user + 1] = CASES * SERVED;
            sums[Gate.WIDTH * user + 2] = CASES * (SERVED + own);
            sums[Gate.WIDTH * user + 3] = CASES;
        }
        return Gate.of(sums, MARGIN, 2);
    }
}
