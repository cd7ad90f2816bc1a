package io.github.ttt4rec.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.internal.EventRanks;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QualityLogTest {
    private static final long SEED = 5;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final QualityLog log = new QualityLog();

    /** Adds events of 200 users; the fraction {@code share} has rank 1 and the others have rank 100. */
    private void add(int events, double share) {
        for (int i = 0; i < events; i++) {
            int rank = random.nextDouble() < share ? 1 : 100;
            log.add("u" + random.nextInt(200), log.added(), new EventRanks(rank, rank, rank, 5, false));
        }
    }

    @Test
    void tooFewEventsTellOfNoChange() {
        add(1_000, 0.5);
        add(999, 0);
        assertThat(log.change()).isEqualTo(new QualityLog.Change(0, 0, 0, 0, 0));
        assertThat(log.change().isDrop()).isFalse();
    }

    @Test
    void steadyQualityRaisesNoAlarmHoweverOftenItIsTested() {
        for (int look = 0; look < 100; look++) {
            add(100, 0.3);
            assertThat(log.change().isDrop())
                    .as("look %d, seed %d: %s", look, SEED, log.change())
                    .isFalse();
        }
    }

    @Test
    void fallOfQualityIsADropUntilItIsAsBefore() {
        add(4_000, 0.3);
        add(1_000, 0.2);
        QualityLog.Change change = log.change();
        assertThat(change.before()).isEqualTo(4_000);
        assertThat(change.recent()).isEqualTo(1_000);
        assertThat(change.ndcgBefore()).isCloseTo(0.3, within(0.03));
        assertThat(change.ndcgRecent()).isCloseTo(0.2, within(0.03));
        // Two shares of independent events: 3.29 √(0.21 / 4000 + 0.16 / 1000).
        assertThat(change.halfWidth()).isCloseTo(0.048, within(0.01));
        assertThat(change.isDrop()).isTrue();
        add(1_000, 0.3);
        assertThat(log.change().isDrop()).isFalse();
    }

    @Test
    void eventsOfOneUserHaveNoInterval() {
        for (int i = 0; i < 4; i++) {
            log.add("anna", i, new EventRanks(1 + i, 2, 3, 5, false));
        }
        QualityLog.Figures one = log.figures(QualityLog.Method.SERVED, QualityLog.Group.ALL, 10);
        assertThat(one.users()).isEqualTo(1);
        assertThat(one.halfWidth()).isNaN();
        log.add("bert", 0, new EventRanks(1, 2, 3, 5, false));
        assertThat(log.figures(QualityLog.Method.SERVED, QualityLog.Group.ALL, 10)
                        .halfWidth())
                .isPositive();
    }

    @Test
    void fewUsersTellOfNoChange() {
        for (int i = 0; i < 3_000; i++) {
            int rank = i < 2_000 ? 1 : 100;
            log.add("u" + i % 19, i, new EventRanks(rank, rank, rank, 5, false));
        }
        assertThat(log.change()).isEqualTo(new QualityLog.Change(0, 0, 0, 0, 0));
        for (int i = 0; i < 3_000; i++) {
            int rank = i < 2_000 ? 1 : 100;
            log.add("u" + i % 20, 3_000 + i, new EventRanks(rank, rank, rank, 5, false));
        }
        assertThat(log.change().isDrop()).isTrue();
    }
}
