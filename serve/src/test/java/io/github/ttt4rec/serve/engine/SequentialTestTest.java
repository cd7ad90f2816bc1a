package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SequentialTestTest {
    private static final long SEED = 11;
    private static final double EFFECT = 0.02;

    /** Plays an experiment of two arms, looking after each ten users; returns the users until it rejects, or 0 if it never does. */
    private static int rejectsAfter(Random random, double difference, int users) {
        SequentialTest test = new SequentialTest(EFFECT);
        ArmLog[] arms = {new ArmLog(), new ArmLog()};
        for (int user = 1; user <= users; user++) {
            for (int arm = 0; arm < 2; arm++) {
                double own = 0.2 + 0.1 * random.nextGaussian() + arm * difference;
                int events = 1 + random.nextInt(5);
                for (int i = 0; i < events; i++) {
                    arms[arm].add("u" + user, own + 0.2 * random.nextGaussian());
                }
            }
            if (user >= RunningExperiment.MIN_USERS && user % 10 == 0) {
                ArmLog.Figures control = arms[0].figures();
                ArmLog.Figures other = arms[1].figures();
                double ratio = test.ratio(other.mean() - control.mean(), other.variance() + control.variance());
                if (ratio >= 1 / SequentialTest.LEVEL) {
                    return user;
                }
            }
        }
        return 0;
    }

    @Test
    void monitoringAllTheTimeSeldomRaisesAFalseAlarm() {
        Random random = new Random(SEED);
        int found = 0;
        for (int i = 0; i < 400; i++) {
            found += rejectsAfter(random, 0, 1000) > 0 ? 1 : 0;
        }
        // At most 5 %: 20 expected at most, and 33 is three standard deviations more.
        assertThat(found).as("seed %d", SEED).isLessThan(33);
    }

    @Test
    void differenceThatMattersIsFound() {
        Random random = new Random(SEED);
        int found = 0;
        for (int i = 0; i < 50; i++) {
            found += rejectsAfter(random, 2 * EFFECT, 1000) > 0 ? 1 : 0;
        }
        assertThat(found).as("seed %d", SEED).isGreaterThan(45);
    }

    @Test
    void intervalHoldsTheDifferenceExactlyIfTheTestDoesNotReject() {
        SequentialTest test = new SequentialTest(EFFECT);
        double variance = 1e-4;
        double edge = test.halfWidth(variance);
        assertThat(test.ratio(0.999 * edge, variance)).isLessThan(1 / SequentialTest.LEVEL);
        assertThat(test.ratio(1.001 * edge, variance)).isGreaterThan(1 / SequentialTest.LEVEL);
    }

    @Test
    void forgottenUserLeavesNothingInTheFigures() {
        ArmLog log = new ArmLog();
        log.add("a", 0.25);
        log.add("b", 0.5);
        log.add("b", 1);
        log.add("a", 0.125);
        ArmLog.Figures before = log.figures();
        log.add("c", 0.75);
        log.forget("c");
        assertThat(log.figures()).isEqualTo(before);
        assertThat(before.users()).isEqualTo(2);
        assertThat(before.mean()).isEqualTo(1.875 / 4);
    }
}
