package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingWindowsTest {
    private static final long SEED = 8;

    /** Every event has an item of its own, so that an item identifies user and position. */
    private static Split split(long seed, int users, int longest) {
        Random random = new Random(seed);
        int[][] sequences = new int[users][];
        int[] validStart = new int[users];
        int[] testStart = new int[users];
        int items = 0;
        for (int u = 0; u < users; u++) {
            int first = items + 1;
            int length = 1 + random.nextInt(longest);
            sequences[u] = IntStream.range(first, first + length).toArray();
            items += length;
            validStart[u] = 1 + random.nextInt(length);
            testStart[u] = validStart[u] + random.nextInt(length - validStart[u] + 1);
        }
        return new Split("made by hand", PatternLog.of(items, sequences), validStart, testStart);
    }

    /** The split with a random third of its events as inputs only. */
    static Split withInputs(Split split, long seed) {
        return withInputs(split, seed, "buy,view=input");
    }

    /** The same by rules whose second kind of events gets that third. */
    static Split withInputs(Split split, long seed, String rules) {
        Dataset all = split.data();
        Random random = new Random(seed);
        byte[] kinds = new byte[all.eventCount()];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = (byte) (random.nextInt(3) == 0 ? 1 : 0);
        }
        Dataset data = new Dataset(
                all.users(),
                all.items(),
                all.offsets(),
                all.events(),
                all.times(),
                all.hasTimes(),
                new EventRoles.Kinds(EventRoles.parse(rules), kinds),
                all.source());
        return new Split(split.protocol(), data, split.validStart(), split.testStart());
    }

    @Test
    void inputWithAWeightIsACaseOfTrainingAndOfNothingElse() {
        Split targets = split(SEED, 80, 70);
        Split weighted = withInputs(targets, SEED, "buy=target*2,view=input*0.5");
        TrainingWindows windows = new TrainingWindows(weighted, 10, 5);
        assertThat(windows.weighLosses()).isTrue();
        assertThat(windows.cases()).isEqualTo(new TrainingWindows(targets, 10, 5).cases());
        for (int w = 0; w < windows.count(); w++) {
            Examples.Pass pass = new NextItemExamples(windows, false).pass(new int[] {w}, 1);
            assertThat(pass.weights()).hasSize(windows.cases(w));
            double sum = 0;
            for (int number = 0; number < windows.cases(w); number++) {
                int t = windows.caseInput(w, number) + 1;
                assertThat(pass.weights()[number]).isEqualTo(windows.lossWeight(w, t));
                sum += pass.weights()[number];
            }
            assertThat(windows.lossWeights(w)).isEqualTo(sum);
        }
        Split unweighted = withInputs(targets, SEED);
        for (Split.Part part : Split.Part.values()) {
            assertThat(weighted.cases(part)).isEqualTo(unweighted.cases(part));
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 25", "10, 5", "7, 3", "2, 1", "1, 1"})
    void everyTargetIsACaseOnceAndNoInputIs(int maxLen, int stride) {
        Split split = withInputs(split(SEED, 80, 70), SEED);
        for (TrainingWindows windows :
                List.of(new TrainingWindows(split, maxLen, stride), TrainingWindows.perCase(split, maxLen))) {
            List<Integer> targets = new ArrayList<>();
            for (int w = 0; w < windows.count(); w++) {
                assertThat(windows.cases(w)).isPositive();
                Examples.Pass pass = new NextItemExamples(windows, false).pass(new int[] {w}, 1);
                assertThat(pass.targets()).hasSize(windows.cases(w));
                Arrays.stream(pass.targets()).forEach(targets::add);
                for (int number = 0; number < windows.cases(w); number++) {
                    assertThat(windows.target(w, windows.caseInput(w, number))).isEqualTo(pass.targets()[number]);
                }
            }
            List<Integer> expected = new ArrayList<>();
            for (int u = 0; u < split.data().userCount(); u++) {
                for (int p = split.from(Part.TRAIN, u); p < split.to(Part.TRAIN, u); p++) {
                    if (split.data().isTarget(u, p)) {
                        expected.add(split.data().item(u, p));
                    }
                }
            }
            assertThat(targets).containsExactlyInAnyOrderElementsOf(expected).hasSize((int) split.cases(Part.TRAIN));
            assertThat(windows.cases()).isEqualTo(expected.size());
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 25", "10, 5", "10, 10", "10, 1", "7, 3", "2, 1", "1, 1"})
    void everyTrainingCaseIsInExactlyOneWindow(int maxLen, int stride) {
        Split split = split(SEED, 80, 70);
        Dataset data = split.data();
        TrainingWindows windows = new TrainingWindows(split, maxLen, stride);
        Map<Integer, Integer> inputsBefore = new HashMap<>();
        long tokens = 0;
        for (int w = 0; w < windows.count(); w++) {
            int length = windows.length(w);
            tokens += length;
            assertThat(length).isBetween(1, maxLen);
            assertThat(windows.cases(w)).isBetween(1, length).isEqualTo(length - windows.firstCase(w));
            for (int t = 0; t < length; t++) {
                assertThat(windows.target(w, t))
                        .as("the next event is the target")
                        .isEqualTo(windows.input(w, t) + 1);
                if (t >= windows.firstCase(w)) {
                    assertThat(inputsBefore.put(windows.target(w, t), t + 1))
                            .as("case in a second window")
                            .isNull();
                }
            }
        }
        int cases = 0;
        for (int u = 0; u < data.userCount(); u++) {
            for (int p = split.from(Part.TRAIN, u); p < split.to(Part.TRAIN, u); p++) {
                Integer inputs = inputsBefore.get(data.item(u, p));
                assertThat(inputs).as("user %d, position %d", u, p).isNotNull();
                assertThat(inputs)
                        .as("a case sees its history, up to what the stride costs")
                        .isBetween(Math.min(p, maxLen - stride + 1), Math.min(p, maxLen));
                cases++;
            }
        }
        assertThat(inputsBefore).hasSize(cases);
        assertThat(windows.cases()).isEqualTo(cases).isEqualTo(split.cases(Part.TRAIN));
        assertThat(windows.tokens()).isEqualTo(tokens);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50})
    void expandedEachCaseIsAWindowThatEndsWithIt(int maxLen) {
        Split split = split(SEED, 80, 70);
        Dataset data = split.data();
        TrainingWindows windows = TrainingWindows.perCase(split, maxLen);
        Map<Integer, Integer> windowOf = new HashMap<>();
        for (int w = 0; w < windows.count(); w++) {
            int last = windows.length(w) - 1;
            assertThat(windows.cases(w)).isEqualTo(1);
            assertThat(windows.firstCase(w)).isEqualTo(last);
            assertThat(windowOf.put(windows.target(w, last), w)).isNull();
        }
        for (int u = 0; u < data.userCount(); u++) {
            for (int p = split.from(Part.TRAIN, u); p < split.to(Part.TRAIN, u); p++) {
                Integer w = windowOf.remove(data.item(u, p));
                assertThat(w).as("user %d, position %d", u, p).isNotNull();
                assertThat(windows.length(w)).isEqualTo(Math.min(p, maxLen));
                for (int t = 0; t < windows.length(w); t++) {
                    assertThat(windows.input(w, t)).isEqualTo(data.item(u, p - windows.length(w) + t));
                }
            }
        }
        assertThat(windowOf).as("windows without a training case").isEmpty();
        assertThat(windows.cases()).isEqualTo(split.cases(Part.TRAIN));
    }

    @Test
    void expandedWindowsDrawIndependentlyForTheItemsTheyShare() {
        TrainingWindows windows = TrainingWindows.perCase(split(SEED, 80, 70), 10);
        Set<Long> seeds = new HashSet<>();
        for (int w = 0; w < windows.count(); w++) {
            for (int t = 0; t < windows.length(w); t++) {
                assertThat(seeds.add(windows.seed(1, w, t)))
                        .as("a seed for window %d, input %d alone", w, t)
                        .isTrue();
            }
        }
        assertThat(seeds).hasSize(Math.toIntExact(windows.tokens()));
    }

    @Test
    void shuffleIsAPermutationThatTheSeedDecides() {
        TrainingWindows windows = new TrainingWindows(split(SEED, 80, 70), 10, 5);
        int[] order = windows.shuffled(1);
        assertThat(order).isEqualTo(windows.shuffled(1)).isNotEqualTo(windows.shuffled(2));
        assertThat(Arrays.stream(order).sorted().toArray())
                .containsExactly(IntStream.range(0, windows.count()).toArray());
    }

    @ParameterizedTest
    @CsvSource({"1", "17", "64", "1000000"})
    void batchesHaveAtLeastTheirSizeAndLeaveNothingOut(int batchSize) {
        TrainingWindows windows = new TrainingWindows(split(SEED, 80, 70), 10, 5);
        int[] order = windows.shuffled(3);
        int[] cuts = windows.cut(order, batchSize);
        assertThat(cuts[0]).isZero();
        assertThat(cuts[cuts.length - 1]).isEqualTo(order.length);
        for (int b = 0; b < cuts.length - 1; b++) {
            int cases = 0;
            for (int i = cuts[b]; i < cuts[b + 1]; i++) {
                cases += windows.cases(order[i]);
            }
            assertThat(cases).isPositive();
            if (b < cuts.length - 2) {
                int last = windows.cases(order[cuts[b + 1] - 1]);
                assertThat(cases).isBetween(batchSize, batchSize + last - 1);
            }
        }
    }

    @Test
    void dropoutSeedsDifferByUserPositionAndEpoch() {
        TrainingWindows windows = new TrainingWindows(split(SEED, 80, 70), 10, 10);
        Map<Long, String> seen = new HashMap<>();
        for (long epoch = 1; epoch <= 2; epoch++) {
            for (int w = 0; w < windows.count(); w++) {
                for (int t = windows.firstCase(w); t < windows.length(w); t++) {
                    assertThat(seen.put(windows.seed(epoch, w, t), epoch + " " + w + " " + t))
                            .isNull();
                }
            }
        }
    }
}
