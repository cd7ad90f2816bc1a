package io.github.ttt4rec.baseline;

import static io.github.ttt4rec.baseline.NaiveRanking.SEED;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.data.Split;
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
    @ValueSource(doubles = {1e-9, 0.1, 0.25, 1})
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
        events.sort(Comparator.comparing(Event::time).reversed());
        long from = events.get((int) Math.ceil(share * events.size()) - 1).time();
        Map<Integer, Double> counts = new HashMap<>();
        events.stream()
                .filter(event -> event.time() >= from)
                .forEach(event -> counts.merge(event.item(), 1.0, Double::sum));

        NaiveRanking.assertAgrees(new RecentPopularity(split, share), split, (history, user) -> counts);
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
