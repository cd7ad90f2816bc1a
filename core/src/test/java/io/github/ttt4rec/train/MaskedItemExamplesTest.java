package io.github.ttt4rec.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.train.Examples.Pass;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedItemExamplesTest {
    private static final long SEED = 9;
    private static final int MASK = 1_000_000;

    /** Items are numbered consecutively over all users, so that an item identifies user and position. */
    private static Split split() {
        Random random = new Random(SEED);
        int users = 60;
        int[][] sequences = new int[users][];
        int[] ends = new int[users];
        int items = 0;
        for (int u = 0; u < users; u++) {
            int first = items + 1;
            int length = 2 + random.nextInt(50);
            sequences[u] = IntStream.range(first, first + length).toArray();
            items += length;
            ends[u] = 1 + random.nextInt(length);
        }
        return new Split("made by hand", PatternLog.of(items, sequences), ends, ends);
    }

    private static Examples examples(TrainingWindows windows, int maxLen, double maskRatio, double lastRatio) {
        return Examples.of(new Objective.MaskedItem(MASK, maskRatio, lastRatio), windows, maxLen, false);
    }

    private static int[] allOf(TrainingWindows windows) {
        return IntStream.range(0, windows.count()).toArray();
    }

    @ParameterizedTest
    @CsvSource({"20, 10, 0.2, 0.5", "7, 3, 0.5, 0", "20, 10, 0.2, 1", "2, 1, 0.9, 0.5", "1, 1, 0.2, 0.5"})
    void inputsAreNeverMasked(int maxLen, int stride, double maskRatio, double lastRatio) {
        Split split = TrainingWindowsTest.withInputs(split(), SEED);
        BitSet targets = new BitSet();
        for (int u = 0; u < split.data().userCount(); u++) {
            for (int p = 0; p < split.data().length(u); p++) {
                targets.set(split.data().item(u, p), split.data().isTarget(u, p));
            }
        }
        TrainingWindows windows = new TrainingWindows(split, maxLen, stride);
        Examples examples = examples(windows, maxLen, maskRatio, lastRatio);
        for (int w = 0; w < windows.count(); w++) {
            Examples.Pass pass = examples.pass(new int[] {w}, 5);
            assertThat(pass.targets()).hasSize(windows.cases(w));
            assertThat(Arrays.stream(pass.targets())).allMatch(targets::get);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "20, 10, 0.2, 0.5",
        "20, 20, 0.2, 0",
        "7, 3, 0.5, 0.3",
        "20, 10, 0.2, 1",
        "2, 1, 0.9, 0.5",
        "1, 1, 0.2, 0.5"
    })
    void everyWindowHasAsManyTargetsAsCases(int maxLen, int stride, double maskRatio, double lastRatio) {
        TrainingWindows windows = new TrainingWindows(split(), maxLen, stride);
        Examples examples = examples(windows, maxLen, maskRatio, lastRatio);
        for (int w = 0; w < windows.count(); w++) {
            Pass pass = examples.pass(new int[] {w}, 5);
            assertThat(pass.targets()).hasSize(windows.cases(w));
            assertThat(pass.rows()).hasSize(windows.cases(w)).isSorted();
            Segments segments = pass.batch().segments();
            Set<Integer> masked = new HashSet<>();
            for (int i = 0; i < pass.rows().length; i++) {
                masked.add(pass.rows()[i]);
                assertThat(pass.batch().items()[pass.rows()[i]]).isEqualTo(MASK);
            }
            int target = 0;
            for (int s = 0; s < segments.count(); s++) {
                assertThat(segments.length(s)).isBetween(1, maxLen);
                int start = segments.start(s);
                int hidden = 0;
                int first = -1;
                for (int t = 0; t < segments.length(s); t++) {
                    assertThat(pass.batch().positions()[start + t]).isEqualTo(t);
                    boolean isMasked = masked.contains(start + t);
                    int item =
                            isMasked ? pass.targets()[target++] : pass.batch().items()[start + t];
                    hidden += isMasked ? 1 : 0;
                    first = t == 0 ? item : first;
                    assertThat(item).as("the window's items, in order").isEqualTo(first + t);
                }
                assertThat(hidden).as("masked items of a sequence").isPositive();
                assertThat(first).isBetween(windows.input(w, 0), windows.target(w, windows.length(w) - 1));
                assertThat(first + segments.length(s) - 1)
                        .isBetween(windows.target(w, windows.firstCase(w)), windows.target(w, windows.length(w) - 1));
            }
        }
    }

    /**
     * If only last items are masked, an epoch has every training case once, each after its history, as in an
     * evaluation.
     */
    @Test
    void lastMasksTakeTurns() {
        int maxLen = 20;
        TrainingWindows windows = new TrainingWindows(split(), maxLen, 10);
        Pass pass = examples(windows, maxLen, 0.2, 1).pass(allOf(windows), 3);
        Segments segments = pass.batch().segments();
        Set<Integer> targets = new HashSet<>();
        for (int s = 0; s < segments.count(); s++) {
            assertThat(pass.rows()[s]).as("the last token").isEqualTo(segments.start(s) + segments.length(s) - 1);
            targets.add(pass.targets()[s]);
        }
        assertThat(targets).hasSize(Math.toIntExact(windows.cases()));
        for (int w = 0; w < windows.count(); w++) {
            for (int t = windows.firstCase(w); t < windows.length(w); t++) {
                assertThat(targets).contains(windows.target(w, t));
            }
        }
    }

    @Test
    void examplesOfAWindowDoNotDependOnTheOthers() {
        int maxLen = 20;
        TrainingWindows windows = new TrainingWindows(split(), maxLen, 10);
        Examples examples = examples(windows, maxLen, 0.2, 0.5);
        Pass together = examples.pass(allOf(windows), 7);
        int row = 0;
        int target = 0;
        for (int w = 0; w < windows.count(); w++) {
            Pass alone = examples.pass(new int[] {w}, 7);
            int rows = alone.batch().rows();
            assertThat(Arrays.copyOfRange(together.batch().items(), row, row + rows))
                    .containsExactly(Arrays.copyOf(alone.batch().items(), rows));
            assertThat(Arrays.copyOfRange(together.batch().rowSeeds(), row, row + rows))
                    .containsExactly(Arrays.copyOf(alone.batch().rowSeeds(), rows));
            assertThat(Arrays.copyOfRange(together.targets(), target, target + alone.targets().length))
                    .containsExactly(alone.targets());
            row += rows;
            target += alone.targets().length;
        }
        assertThat(examples.pass(allOf(windows), 8).targets()).isNotEqualTo(together.targets());
    }

    @Test
    void sharesAreAsConfigured() {
        int maxLen = 40;
        TrainingWindows windows = new TrainingWindows(split(), maxLen, 20);
        Examples examples = examples(windows, maxLen, 0.2, 0);
        long masked = 0;
        long tokens = 0;
        long estimated = 0;
        Set<Long> seeds = new HashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            Pass pass = examples.pass(allOf(windows), epoch);
            masked += pass.targets().length;
            tokens += pass.batch().rows();
            estimated += Arrays.stream(allOf(windows)).map(examples::tokens).sum();
            Arrays.stream(pass.batch().rowSeeds(), 0, pass.batch().rows()).forEach(seeds::add);
        }
        // Slightly below the ratio, because a window's last sequence stops at the number of its cases.
        assertThat((double) masked / tokens).isBetween(0.15, 0.22);
        assertThat((double) estimated / tokens).isCloseTo(1, within(0.25));
        assertThat((long) seeds.size())
                .as("each token has a dropout seed of its own")
                .isEqualTo(tokens);
    }
}
