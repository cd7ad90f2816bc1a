package io.github.ttt4rec.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Recommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Small random data, and a comparison of recommenders with naively computed scores. */
final class NaiveRanking {
    static final long SEED = 7;
    private static final int ITEMS = 30;

    private NaiveRanking() {}

    /** Computes naively the scores of the items for which a method has evidence. */
    @FunctionalInterface
    interface Naive {
        /** The scores after {@code history}, oldest item first, of {@code user}. */
        Map<Integer, Double> scores(List<Integer> history, int user);
    }

    /**
     * Users with 1 to 25 events and repeated items; some items are popular, some never occur, and many times are equal.
     */
    static Split randomSplit(long seed) {
        Random random = new Random(seed);
        int users = 40;
        int[] offsets = new int[users + 1];
        int[] validStart = new int[users];
        int[] testStart = new int[users];
        for (int u = 0; u < users; u++) {
            int length = 1 + random.nextInt(25);
            offsets[u + 1] = offsets[u] + length;
            validStart[u] = 1 + random.nextInt(length);
            testStart[u] = validStart[u] + random.nextInt(length - validStart[u] + 1);
        }
        int[] events = new int[offsets[users]];
        long[] times = new long[events.length];
        for (int u = 0; u < users; u++) {
            long time = random.nextInt(20);
            for (int i = offsets[u]; i < offsets[u + 1]; i++) {
                double skewed = random.nextDouble() * random.nextDouble();
                events[i] = 1 + (int) (skewed * (ITEMS - 2));
                time += random.nextInt(3);
                times[i] = time;
            }
        }
        return split(offsets, events, times, validStart, testStart);
    }

    private static Split split(int[] offsets, int[] events, long[] times, int[] validStart, int[] testStart) {
        Dataset data = new Dataset(
                ids("u", offsets.length - 1),
                ids("i", ITEMS),
                offsets,
                events,
                times,
                false,
                new DataSource("made in memory", "", List.of()));
        return new Split("made by hand", data, validStart, testStart);
    }

    private static IdMap ids(String prefix, int count) {
        return new IdMap(
                IntStream.rangeClosed(1, count).mapToObj(i -> prefix + i).toList());
    }

    /** The training part of a user. */
    static List<Integer> training(Split split, int user) {
        return history(split.data(), user, split.validStart()[user]);
    }

    /** The last {@code count} elements. */
    static List<Integer> last(List<Integer> list, int count) {
        return list.subList(Math.max(0, list.size() - count), list.size());
    }

    private static List<Integer> history(Dataset data, int user, int position) {
        List<Integer> items = new ArrayList<>();
        for (int p = 0; p < position; p++) {
            items.add(data.item(user, p));
        }
        return items;
    }

    /** All cases of all parts of a split. */
    private static CaseBlock allCases(Split split) {
        List<int[]> cases = new ArrayList<>();
        for (int u = 0; u < split.data().userCount(); u++) {
            for (int p = 1; p < split.data().length(u); p++) {
                cases.add(new int[] {u, p});
            }
        }
        return block(split.data(), cases);
    }

    private static CaseBlock block(Dataset data, List<int[]> cases) {
        return new CaseBlock(
                data,
                cases.stream().mapToInt(c -> c[0]).toArray(),
                cases.stream().mapToInt(c -> c[1]).toArray());
    }

    /** The scores of a block by a new scorer; the previous content of the array must not matter. */
    private static float[] score(Recommender recommender, CaseBlock block) {
        float[] scores = new float[block.size() * (ITEMS + 1)];
        Arrays.fill(scores, 1e9f);
        recommender.newScorer().score(block, scores);
        return scores;
    }

    /**
     * Asserts that {@code recommender} ranks all items after every history as {@code naive} does, breaks ties by
     * training popularity and then by index, and gives items with evidence the same scores.
     */
    static void assertAgrees(Recommender recommender, Split split, Naive naive) {
        assertThat(recommender.itemCount()).isEqualTo(ITEMS);
        int[] popularity = new int[ITEMS + 1];
        for (int u = 0; u < split.data().userCount(); u++) {
            training(split, u).forEach(item -> popularity[item]++);
        }
        CaseBlock block = allCases(split);
        float[] scores = score(recommender, block);
        int ties = 0;
        for (int i = 0; i < block.size(); i++) {
            int user = block.users()[i];
            int row = i * (ITEMS + 1);
            Map<Integer, Double> expected = naive.scores(history(split.data(), user, block.positions()[i]), user);
            Function<Integer, Float> score =
                    item -> expected.getOrDefault(item, -1.0).floatValue();
            List<Integer> order =
                    new ArrayList<>(IntStream.rangeClosed(1, ITEMS).boxed().toList());
            order.sort(Comparator.comparing(score)
                    .thenComparingInt(item -> popularity[item])
                    .reversed()
                    .thenComparing(Comparator.naturalOrder()));
            List<Integer> actual =
                    new ArrayList<>(IntStream.rangeClosed(1, ITEMS).boxed().toList());
            actual.sort(Comparator.comparingDouble(item -> -scores[row + item]));
            assertThat(actual).as("seed %d, case %d", SEED, i).isEqualTo(order);
            for (int k = 1; k < ITEMS; k++) {
                assertThat(scores[row + actual.get(k)]).isLessThan(scores[row + actual.get(k - 1)]);
                ties += expected.containsKey(order.get(k))
                                && score.apply(order.get(k)).equals(score.apply(order.get(k - 1)))
                        ? 1
                        : 0;
            }
            expected.forEach((item, value) ->
                    assertThat((double) scores[row + item]).isCloseTo(value, within(1e-5 * (1 + value))));
        }
        assertThat(ties)
                .as("ties among scored items, so that breaking them is tested")
                .isPositive();
    }

    /** Asserts that events outside the training part and the grouping of cases have no influence. */
    static void assertLearnsFromTrainingOnly(Function<Split, Recommender> maker) {
        Split split = randomSplit(SEED);
        Dataset data = split.data();
        int[] otherEvents = data.events().clone();
        long[] otherTimes = data.times().clone();
        List<int[]> trainingCases = new ArrayList<>();
        for (int u = 0; u < data.userCount(); u++) {
            for (int p = 1; p < data.length(u); p++) {
                if (p < split.validStart()[u]) {
                    trainingCases.add(new int[] {u, p});
                } else {
                    otherEvents[data.start(u) + p] = ITEMS;
                    otherTimes[data.start(u) + p] += 1000;
                }
            }
        }
        assertThat(otherEvents).isNotEqualTo(data.events());
        Split other = split(data.offsets(), otherEvents, otherTimes, split.validStart(), split.testStart());
        float[] scores = score(maker.apply(split), block(data, trainingCases));
        assertThat(score(maker.apply(other), block(other.data(), trainingCases)))
                .as("seed %d", SEED)
                .isEqualTo(scores);

        Recommender.Scorer scorer = maker.apply(split).newScorer();
        float[] row = new float[ITEMS + 1];
        for (int i = trainingCases.size() - 1; i >= 0; i--) {
            scorer.score(block(data, List.of(trainingCases.get(i))), row);
            assertThat(Arrays.copyOfRange(row, 1, ITEMS + 1))
                    .isEqualTo(Arrays.copyOfRange(scores, i * (ITEMS + 1) + 1, (i + 1) * (ITEMS + 1)));
        }
    }
}
