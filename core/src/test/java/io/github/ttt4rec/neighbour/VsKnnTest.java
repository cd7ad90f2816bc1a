package io.github.ttt4rec.neighbour;

import static io.github.ttt4rec.neighbour.NaiveRanking.SEED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.neighbour.VsKnn.Options.Weighting;
import io.github.ttt4rec.recommend.CaseBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VsKnnTest {
    private record Session(int user, long time, Set<Integer> items) {}

    private record Neighbour(Session session, double similarity) {}

    @ParameterizedTest
    @CsvSource({
        "100, 1000, 50, DIV, DIV, 0, true",
        "5, 12, 50, DIV, DIV, 0, false",
        "5, 12, 6, QUADRATIC, DIV, 5, true",
        "3, 1000, 4, LOG, QUADRATIC, 0, false",
        "7, 8, 50, SAME, SAME, 0, true",
        "1, 1, 10, DIV, LOG, 1, false"
    })
    void agreesWithTheAlgorithmAsPublished(
            int k,
            int sampleSize,
            int maxLen,
            Weighting weighting,
            Weighting scoreWeighting,
            double idfWeight,
            boolean remind) {
        Split split = NaiveRanking.randomSplit(SEED);
        List<Session> sessions = new ArrayList<>();
        Map<Integer, Double> sessionsWith = new HashMap<>();
        for (int u = 0; u < split.data().userCount(); u++) {
            Set<Integer> items = new HashSet<>(NaiveRanking.last(NaiveRanking.training(split, u), maxLen));
            if (items.size() > 1) {
                long time = split.data().times()[split.data().start(u) + split.validStart()[u] - 1];
                sessions.add(new Session(u, time, items));
                items.forEach(item -> sessionsWith.merge(item, 1.0, Double::sum));
            }
        }
        sessions.sort(Comparator.comparingLong(Session::time).reversed().thenComparingInt(Session::user));
        VsKnn.Options options = new VsKnn.Options(k, sampleSize, maxLen, weighting, scoreWeighting, idfWeight, remind);
        NaiveRanking.assertAgrees(new VsKnn(split, options), split, (history, user) -> {
            List<Integer> query = NaiveRanking.last(history, maxLen);
            Map<Integer, Double> weights = new HashMap<>();
            for (int i = 1; i <= query.size(); i++) {
                weights.put(query.get(i - 1), queryWeight(weighting, i, query.size()));
            }
            List<Neighbour> neighbours = sessions.stream()
                    .filter(session -> session.user() != user)
                    .filter(session -> session.items().stream().anyMatch(weights::containsKey))
                    .limit(sampleSize)
                    .map(session -> new Neighbour(session, similarity(session, weights)))
                    .sorted(Comparator.comparingDouble(neighbour -> -(float) neighbour.similarity()))
                    .limit(k)
                    .toList();
            Map<Integer, Double> scores = new HashMap<>();
            for (Neighbour neighbour : neighbours) {
                int step = 1;
                while (!neighbour.session().items().contains(query.get(query.size() - step))) {
                    step++;
                }
                for (int item : neighbour.session().items()) {
                    double idf = Math.log(sessions.size() / sessionsWith.get(item));
                    scores.merge(
                            item,
                            neighbour.similarity() * scoreWeight(scoreWeighting, step) * (1 + idfWeight * idf),
                            Double::sum);
                }
            }
            if (!remind) {
                scores.keySet().removeAll(weights.keySet());
            }
            return scores;
        });
    }

    private static double similarity(Session session, Map<Integer, Double> weights) {
        double sum = 0;
        for (Map.Entry<Integer, Double> weight : weights.entrySet()) {
            sum += session.items().contains(weight.getKey()) ? weight.getValue() : 0;
        }
        return sum / weights.size();
    }

    private static double queryWeight(Weighting weighting, int i, int n) {
        return switch (weighting) {
            case SAME -> 1;
            case DIV -> 1.0 * i / n;
            case QUADRATIC -> Math.pow(1.0 * i / n, 2);
            case LOG -> 1 / Math.log10(n - i + 1.7);
        };
    }

    private static double scoreWeight(Weighting weighting, int step) {
        return switch (weighting) {
            case SAME -> 1;
            case DIV -> 1.0 / step;
            case QUADRATIC -> Math.pow(step, -2);
            case LOG -> 1 / Math.log10(step + 1.7);
        };
    }

    @Test
    void userIsNotTheirOwnNeighbourInTheDataOfTheFitOnly() {
        Split split = NaiveRanking.randomSplit(SEED);
        Dataset data = split.data();
        int[] events = data.events().clone();
        events[events.length - 1] = events[events.length - 1] == 1 ? 2 : 1;
        Dataset changed = new Dataset(
                data.users(), data.items(), data.offsets(), events, data.times(), data.hasTimes(), data.source());
        VsKnn knn = new VsKnn(split, VsKnn.Options.defaults());
        float[] own = new float[data.itemCount() + 1];
        float[] other = new float[data.itemCount() + 1];
        int user = 0;
        while (new HashSet<>(NaiveRanking.training(split, user)).size() < 2) {
            user++;
        }
        int[] users = {user};
        int[] positions = {split.validStart()[user] - 1};
        knn.newScorer().score(new CaseBlock(data, users, positions), own);
        knn.newScorer().score(new CaseBlock(changed, users, positions), other);
        int target = data.item(user, positions[0]);
        assertThat(other[target])
                .as("the user's own session holds the target, which helps only somebody else with the same history")
                .isGreaterThan(own[target]);
    }

    @Test
    void learnsFromTrainingOnly() {
        NaiveRanking.assertLearnsFromTrainingOnly(split -> new VsKnn(split, VsKnn.Options.defaults()));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1, 0", "1, 0, 1, 0", "1, 1, 0, 0", "1, 1, 1, -1", "1, 1, 1, NaN"})
    void refusesOptionsOutOfRange(int k, int sampleSize, int maxLen, double idfWeight) {
        assertThatThrownBy(
                        () -> new VsKnn.Options(k, sampleSize, maxLen, Weighting.DIV, Weighting.DIV, idfWeight, true))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
