package io.github.ttt4rec.neighbour;

import static io.github.ttt4rec.neighbour.NaiveRanking.SEED;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.data.Split;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemKnnTest {
    @ParameterizedTest
    @CsvSource({"100, 0, 50, 1, true", "5, 0, 50, 1, false", "100, 10, 3, 1, true", "4, 2.5, 6, 0.7, false"})
    void agreesWithTheFormulas(int neighbours, double shrinkage, int maxLen, double decay, boolean remind) {
        Split split = NaiveRanking.randomSplit(SEED);
        int items = split.data().itemCount();
        Map<Integer, Set<Integer>> usersOf = new HashMap<>();
        int[] popularity = new int[items + 1];
        for (int item = 1; item <= items; item++) {
            usersOf.put(item, new HashSet<>());
        }
        for (int u = 0; u < split.data().userCount(); u++) {
            for (int item : NaiveRanking.training(split, u)) {
                usersOf.get(item).add(u);
                popularity[item]++;
            }
        }
        Map<Integer, Map<Integer, Double>> nearest = new HashMap<>();
        for (int item = 1; item <= items; item++) {
            Map<Integer, Double> similarities = new HashMap<>();
            for (int other = 1; other <= items; other++) {
                Set<Integer> both = new HashSet<>(usersOf.get(item));
                both.retainAll(usersOf.get(other));
                if (other != item && !both.isEmpty()) {
                    double norm = Math.sqrt(usersOf.get(item).size())
                            * Math.sqrt(usersOf.get(other).size());
                    similarities.put(other, both.size() / (norm + shrinkage));
                }
            }
            List<Integer> kept = similarities.keySet().stream()
                    .sorted(Comparator.comparingDouble(
                                    (Integer other) -> similarities.get(other).floatValue())
                            .thenComparingInt(other -> popularity[other])
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()))
                    .limit(neighbours)
                    .toList();
            similarities.keySet().retainAll(kept);
            nearest.put(item, similarities);
        }
        ItemKnn knn = new ItemKnn(split, new ItemKnn.Options(neighbours, shrinkage, maxLen, decay, remind));
        NaiveRanking.assertAgrees(knn, split, (history, user) -> {
            List<Integer> recent = NaiveRanking.last(history, maxLen);
            Map<Integer, Double> scores = new HashMap<>();
            IntStream.range(0, recent.size())
                    .forEach(i -> nearest.get(recent.get(i))
                            .forEach((item, similarity) -> scores.merge(
                                    item,
                                    Math.pow(decay, recent.size() - 1 - i) * similarity.floatValue(),
                                    Double::sum)));
            if (!remind) {
                scores.keySet().removeAll(new HashSet<>(recent));
            }
            return scores;
        });
    }

    @Test
    void learnsFromTrainingOnly() {
        NaiveRanking.assertLearnsFromTrainingOnly(split -> new ItemKnn(split, ItemKnn.Options.defaults()));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 50, 1", "5, -1, 50, 1", "5, NaN, 50, 1", "5, 0, 0, 1", "5, 0, 50, 0", "5, 0, 50, 1.1"})
    void refusesOptionsOutOfRange(int neighbours, double shrinkage, int maxLen, double decay) {
        assertThatThrownBy(() -> new ItemKnn.Options(neighbours, shrinkage, maxLen, decay, true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
