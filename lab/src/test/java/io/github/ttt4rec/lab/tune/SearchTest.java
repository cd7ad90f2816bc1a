package io.github.ttt4rec.lab.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the search methods on functions with a known maximum. */
class SearchTest {
    private static final int SEEDS = 20;
    private static final int TRIALS = 60;

    private static final SearchSpace SPACE = new SearchSpace(List.of(
            dimension("train.rate", "log(1e-5,1)"),
            dimension("model.dropout", "uniform(0,0.9)"),
            dimension("model.layers", "int(1,12)"),
            dimension("model.size", "logint(4,4096)"),
            dimension("model.kind", "choice(a,b,c,d)")));

    private static SearchSpace.Dimension dimension(String path, String range) {
        return new SearchSpace.Dimension(path, Domain.parse(range));
    }

    private static double number(Map<String, Object> values, String path) {
        return ((Number) values.get(path)).doubleValue();
    }

    /** The maximum, 0, is at rate 1e-3, dropout 0.3, 3 layers, size 64 and kind c. */
    private static double valley(Map<String, Object> values) {
        return -square((Math.log10(number(values, "train.rate")) + 3) / 5)
                - square((number(values, "model.dropout") - 0.3) / 0.9)
                - square((number(values, "model.layers") - 3) / 12)
                - square(Math.log(number(values, "model.size") / 64) / Math.log(1024))
                - (values.get("model.kind").equals("c") ? 0 : 0.2);
    }

    /** The same function with ripples. */
    private static double ripples(Map<String, Object> values) {
        return valley(values)
                + 0.03 * Math.cos(20 * Math.log10(number(values, "train.rate")))
                + 0.03 * Math.cos(40 * number(values, "model.dropout"));
    }

    private static double square(double x) {
        return x * x;
    }

    private static List<Trial> search(Search search, long seed, ToDoubleFunction<Map<String, Object>> function) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Trial> trials = new ArrayList<>();
        for (int number = 1; number <= TRIALS; number++) {
            Map<String, Object> values = search.propose(SPACE, trials, random);
            assertThat(SPACE.contains(values)).as("%s", values).isTrue();
            trials.add(trial(number, values, function.applyAsDouble(values)));
        }
        return trials;
    }

    private static Trial trial(int number, Map<String, Object> values, double score) {
        return new Trial(number, values, Trial.Status.FINISHED, score, 0.0, 0, List.of(), 0, 0, null);
    }

    private static double best(List<Trial> trials) {
        return trials.stream().mapToDouble(Trial::score).max().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"valley", "ripples"})
    void parzenEstimatorsFindTheBestBetterThanChance(String name) {
        ToDoubleFunction<Map<String, Object>> function =
                name.equals("valley") ? SearchTest::valley : SearchTest::ripples;
        int wins = 0;
        double estimated = 0;
        double random = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            double tpe = best(search(Search.TPE, seed, function));
            double chance = best(search(Search.RANDOM, seed, function));
            wins += tpe > chance ? 1 : 0;
            estimated += tpe / SEEDS;
            random += chance / SEEDS;
        }
        System.out.printf("%s, seeds 1 to %d: tpe %.4f, random %.4f, %d wins%n", name, SEEDS, estimated, random, wins);
        double top = name.equals("valley") ? 0 : 0.06;
        assertThat(wins).as("seeds on which it is better").isGreaterThanOrEqualTo(16);
        assertThat(top - estimated).as("mean distance to the best").isLessThan((top - random) / 2);
    }

    @Test
    void sameSeedAndTrialsGiveTheSameProposals() {
        assertThat(search(Search.TPE, 5, SearchTest::valley)).isEqualTo(search(Search.TPE, 5, SearchTest::valley));
        assertThat(search(Search.TPE, 5, SearchTest::valley)).isNotEqualTo(search(Search.TPE, 6, SearchTest::valley));
        List<Trial> first = search(Search.RANDOM, 5, SearchTest::valley);
        assertThat(search(Search.RANDOM, 5, values -> -valley(values)))
                .as("random search does not look at results")
                .extracting(Trial::values)
                .isEqualTo(first.stream().map(Trial::values).toList());
    }

    @Test
    void searchAvoidsSettingsThatFailed() {
        SearchSpace space = new SearchSpace(List.of(dimension("train.rate", "uniform(0,1)")));
        List<Trial> trials = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int number = 1; number <= 20; number++) {
            Map<String, Object> values = space.sample(random);
            boolean fails = number(values, "train.rate") > 0.5;
            trials.add(
                    fails
                            ? new Trial(number, values, Trial.Status.FAILED, null, null, 0, List.of(), 0, 0, "epoch 1")
                            : trial(number, values, 0.1));
        }
        int high = 0;
        for (int i = 0; i < 100; i++) {
            high += number(Search.TPE.propose(space, trials, random), "train.rate") > 0.5 ? 1 : 0;
        }
        assertThat(high).isLessThan(10);
    }

    @Test
    void estimateIsADensityAndSamplesFollowIt() {
        ParzenEstimator estimator = new ParzenEstimator(new double[] {0.1, 0.12, 0.9, 1});
        int cells = 10_000;
        double mass = 0;
        double low = 0;
        for (int i = 0; i < cells; i++) {
            double density = estimator.density((i + 0.5) / cells) / cells;
            mass += density;
            low += i < cells / 4 ? density : 0;
        }
        assertThat(mass).isBetween(1 - 1e-5, 1 + 1e-5);
        SplittableRandom random = new SplittableRandom(1);
        int draws = 20_000;
        int below = 0;
        for (int i = 0; i < draws; i++) {
            double value = estimator.sample(random);
            assertThat(value).isBetween(0.0, 1.0);
            below += value < 0.25 ? 1 : 0;
        }
        // Four standard deviations of this count are at most 0.015 of the draws.
        assertThat((double) below / draws).isBetween(low - 0.015, low + 0.015);
    }

    @Test
    void trialBelowTheMedianIsStopped() {
        List<Trial> trials = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            List<Double> curve = List.of(0.1 * i, 0.2 * i, 0.3 * i, 0.4 * i, 0.5 * i, 0.6 * i);
            trials.add(new Trial(i, Map.of(), Trial.Status.FINISHED, 0.6 * i, 0.0, 6, curve, 1, 0, null));
        }
        // After five epochs the means are 0.3, 0.6, 0.9, 1.2 and 1.5.
        assertThat(MedianRule.stops(List.of(0.1, 0.1, 0.1, 0.8, 0.89), trials)).isTrue();
        assertThat(MedianRule.stops(List.of(0.1, 0.91, 0.1, 0.1, 0.1), trials))
                .as("its best counts")
                .isFalse();
        assertThat(MedianRule.stops(List.of(0.1, 0.1, 0.1, 0.1), trials))
                .as("every trial has five epochs")
                .isFalse();
        assertThat(MedianRule.stops(List.of(0.1, 0.1, 0.1, 0.1, 0.1), trials.subList(0, 4)))
                .as("too few to compare with")
                .isFalse();
    }
}
