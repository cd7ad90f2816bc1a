package io.github.ttt4rec.neighbour;

import static io.github.ttt4rec.neighbour.NaiveRanking.SEED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.CaseBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentPopularityTest {
    private record Event(long time, int item) {}

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.1, 0.25, 1})
    void countsTheLastEventsOfAllUsersAndThoseOfTheSameTime(double share) {
        Split split = NaiveRanking.randomSplit(SEED);
        List<Event> events = new ArrayList<>();
        for (int u = 0; u < split.data().userCount(); u++) {
            for (int p = 0; p < split.validStart()[u]; p++) {
                events.add(new Event(
                        split.data().times()[split.data().start(u) + p],
                        split.data().item(u, p)));
            }
        }
        events.sort(Comparator.comparingLong(Event::time).reversed());
        long from = events.get((int) Math.ceil(share * events.size()) - 1).time();
        Map<Integer, Double> counts = new HashMap<>();
        events.stream()
                .filter(event -> event.time() >= from)
                .forEach(event -> counts.merge(event.item(), 1.0, Double::sum));

        NaiveRanking.assertAgrees(new RecentPopularity(split, share), split, (history, user) -> counts);
    }

    @Test
    void windowIsNeverEmpty() {
        Split split = NaiveRanking.randomSplit(SEED);
        long newest = Long.MIN_VALUE;
        int newestItem = 0;
        for (int u = 0; u < split.data().userCount(); u++) {
            int p = split.validStart()[u] - 1;
            long time = split.data().times()[split.data().start(u) + p];
            if (time > newest) {
                newest = time;
                newestItem = split.data().item(u, p);
            }
        }
        float[] scores = new float[split.data().itemCount() + 1];
        new RecentPopularity(split, 1e-9)
                .newScorer()
                .score(new CaseBlock(split.data(), new int[] {0}, new int[] {1}), scores);
        for (int item = 1; item < scores.length; item++) {
            if (item == newestItem) {
                assertThat(scores[item]).isEqualTo(1);
            } else {
                assertThat(scores[item]).isNegative();
            }
        }
    }

    @Test
    void learnsFromTrainingOnly() {
        NaiveRanking.assertLearnsFromTrainingOnly(RecentPopularity::new);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1.01, Double.NaN})
    void refusesOtherShares(double share) {
        Split split = NaiveRanking.randomSplit(SEED);
        assertThatThrownBy(() -> new RecentPopularity(split, share)).isInstanceOf(IllegalArgumentException.class);
    }
}
