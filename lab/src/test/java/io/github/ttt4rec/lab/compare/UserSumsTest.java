package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.eval.internal.MetricSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A first user with three cases and a second with one, with ranks 1, 2, 60 and 3. */
class UserSumsTest {
    private static final double SECOND = Math.log(2) / Math.log(3);
    private static final double THIRD = 0.5;
    private static final MetricSet METRICS = new MetricSet(List.of(10));
    private static final TestCases CASES = new TestCases(
            new Dataset(
                    new IdMap(List.of("a", "b")),
                    new IdMap(List.of("x")),
                    new int[] {0, 4, 6},
                    new int[] {1, 1, 1, 1, 1, 1},
                    new long[6],
                    false,
                    new DataSource("made in memory", "", List.of())),
            new int[] {0, 0, 0, 1},
            new int[] {1, 2, 3, 1});

    private static UserSums sums(UserSums.CaseSet set, int[]... runs) {
        return UserSums.of(METRICS, set, List.of(runs));
    }

    @Test
    void meansAreOverCases() {
        UserSums.CaseSet all = UserSums.CaseSet.of(CASES, i -> true);
        assertThat(all.users()).isEqualTo(2);
        UserSums one = sums(all, new int[] {1, 2, 60, 3});
        assertThat(one.mean("HR@10")).isEqualTo(3 / 4.0);
        assertThat(one.mean("NDCG@10")).isCloseTo((1 + SECOND + THIRD) / 4, within(1e-12));
        UserSums two = sums(all, new int[] {1, 2, 60, 3}, new int[] {60, 60, 60, 3});
        assertThat(two.mean("NDCG@10")).as("over seeds").isCloseTo((1 + SECOND + 2 * THIRD) / 8, within(1e-12));
    }

    @Test
    void differencesAreSumsOverAUsersCases() {
        UserSums.CaseSet all = UserSums.CaseSet.of(CASES, i -> true);
        double[] differences = sums(all, new int[] {1, 2, 60, 3}).less(sums(all, new int[] {2, 2, 1, 60}));
        assertThat(differences).usingComparatorWithPrecision(1e-12).containsExactly(-SECOND, 3, THIRD, 1);
    }

    @Test
    void someCasesOfSomeUsers() {
        UserSums.CaseSet later = UserSums.CaseSet.of(CASES, i -> CASES.positions()[i] > 1);
        assertThat(later.users()).isEqualTo(1);
        assertThat(later.cases()).containsExactly(1, 2);
        assertThat(sums(later, new int[] {1, 2, 60, 3}).mean("NDCG@10")).isCloseTo(SECOND / 2, within(1e-12));
        assertThat(UserSums.CaseSet.of(CASES, i -> false).users()).isZero();
    }

    /** A resample has both users, the first twice (mean (1 + second)/3), or the second twice (mean third). */
    @Test
    void intervalsResampleUsersWithAllTheirCases() throws InterruptedException {
        UserSums one = sums(UserSums.CaseSet.of(CASES, i -> true), new int[] {1, 2, 60, 3});
        Metric.Interval interval = one.intervals(2).get("NDCG@10");
        assertThat(interval.low()).isCloseTo(THIRD, within(1e-12));
        assertThat(interval.high()).isCloseTo((1 + SECOND) / 3, within(1e-12));
    }

    @Test
    void casesOfOneUserHaveNoInterval() throws InterruptedException {
        UserSums.CaseSet one = UserSums.CaseSet.of(CASES, i -> CASES.users()[i] == CASES.users()[0]);
        UserSums sums = sums(one, new int[] {1, 2, 60, 3});
        assertThat(sums.users()).isEqualTo(1);
        assertThat(sums.intervals(1)).isEmpty();
    }
}
