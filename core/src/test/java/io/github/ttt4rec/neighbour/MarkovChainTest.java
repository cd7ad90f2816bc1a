package io.github.ttt4rec.neighbour;

import static io.github.ttt4rec.neighbour.NaiveRanking.SEED;

import io.github.ttt4rec.data.Split;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkovChainTest {
    @Test
    void scoresByHowOftenAnItemFollowedTheLastOne() {
        Split split = NaiveRanking.randomSplit(SEED);
        NaiveRanking.assertAgrees(new MarkovChain(split), split, (history, user) -> {
            Map<Integer, Double> counts = new HashMap<>();
            for (int u = 0; u < split.data().userCount(); u++) {
                List<Integer> training = NaiveRanking.training(split, u);
                for (int p = 1; p < training.size(); p++) {
                    if (training.get(p - 1).equals(history.getLast())) {
                        counts.merge(training.get(p), 1.0, Double::sum);
                    }
                }
            }
            return counts;
        });
    }

    @Test
    void learnsFromTrainingOnly() {
        NaiveRanking.assertLearnsFromTrainingOnly(MarkovChain::new);
    }
}
