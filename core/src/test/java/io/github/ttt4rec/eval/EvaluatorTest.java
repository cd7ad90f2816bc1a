package io.github.ttt4rec.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.Recommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorTest {
    private static final long SEED = 42;
    private static final EvaluationOptions OPTIONS =
            EvaluationOptions.defaults("last 50 items").withBootstrap(0, 1);

    @Test
    void tiesAndNanCountAgainstTheTarget() {
        float nan = Float.NaN;
        assertThat(rank(1, 5, 4, 3)).isEqualTo(1);
        assertThat(rank(3, 5, 4, 3)).isEqualTo(3);
        assertThat(rank(2, 5, 4, 4, 4)).isEqualTo(4);
        assertThat(rank(1, 0, 0, 0))
                .as("a constant score ranks every target last")
                .isEqualTo(3);
        assertThat(rank(2, 0, nan, 0, 0)).as("a target without a score is last").isEqualTo(4);
        assertThat(rank(2, nan, 5, nan, 1)).isEqualTo(3);
        assertThat(rank(1, Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY)).isEqualTo(3);
        assertThat(rank(1, 0f, -0f, 1)).as("the two zeros tie").isEqualTo(3);
        assertThat(rank(1, Float.POSITIVE_INFINITY, 3e38f)).isEqualTo(1);
    }

    private static int rank(int target, float... scores) {
        // The columns outside the row hold scores that would win, so that reading them by mistake is noticed.
        float[] padded = new float[scores.length + 4];
        Arrays.fill(padded, Float.POSITIVE_INFINITY);
        System.arraycopy(scores, 0, padded, 3, scores.length);
        return Evaluator.rank(padded, 2, scores.length, target);
    }

    @ParameterizedTest
    @EnumSource(Split.Part.class)
    void agreesWithADirectCount(Split.Part part) throws InterruptedException {
        Split split = TestSplits.random(SEED, 60, 37, 40);
        for (Protocol protocol : Protocol.values()) {
            EvaluationResult result = new Evaluator(
                            OPTIONS.withProtocol(protocol).withBlocks(37 * 4 * 9, 256))
                    .evaluate(TiedScores.of(37), split, part);
            List<Integer> expected = directRanks(split, part, protocol == Protocol.UNSEEN);
            assertThat(result.ranks().ranks())
                    .containsExactly(expected.stream().mapToInt(i -> i).toArray());
            assertThat(result.cases()).isEqualTo(expected.size());
            if (protocol == Protocol.ALL) {
                assertThat(result.cases()).isEqualTo((int) split.cases(part));
            }
            for (int k : List.of(1, 5, 10, 20, 50)) {
                double hits = expected.stream().filter(rank -> rank <= k).count();
                double discounted = expected.stream()
                        .filter(rank -> rank <= k)
                        .mapToDouble(rank -> 1 / (Math.log(rank + 1) / Math.log(2)))
                        .sum();
                double reciprocal = expected.stream()
                        .filter(rank -> rank <= k)
                        .mapToDouble(rank -> 1.0 / rank)
                        .sum();
                assertThat(result.value("HR@" + k)).isCloseTo(hits / expected.size(), within(1e-12));
                assertThat(result.value("Recall@" + k)).isEqualTo(result.value("HR@" + k));
                assertThat(result.value("NDCG@" + k)).isCloseTo(discounted / expected.size(), within(1e-12));
                assertThat(result.value("MRR@" + k)).isCloseTo(reciprocal / expected.size(), within(1e-12));
            }
            assertThat(result.value("MRR"))
                    .isCloseTo(
                            expected.stream()
                                    .mapToDouble(rank -> 1.0 / rank)
                                    .average()
                                    .orElseThrow(),
                            within(1e-12));
        }
    }

    /** Computes ranks directly from the definition, with lists and sets, case by case. */
    private static List<Integer> directRanks(Split split, Split.Part part, boolean unseen) {
        Dataset data = split.data();
        List<Integer> ranks = new ArrayList<>();
        for (int user = 0; user < data.userCount(); user++) {
            for (int position = split.from(part, user); position < split.to(part, user); position++) {
                Set<Integer> excluded = new HashSet<>();
                for (int p = 0; unseen && p < position; p++) {
                    excluded.add(data.item(user, p));
                }
                int target = data.item(user, position);
                if (excluded.contains(target)) {
                    continue;
                }
                float own = TiedScores.score(user, position, target);
                int rank = 1;
                for (int item = 1; item <= data.itemCount(); item++) {
                    float other = TiedScores.score(user, position, item);
                    boolean below = other < own;
                    if (item != target && !below && !excluded.contains(item)) {
                        rank++;
                    }
                }
                ranks.add(rank);
            }
        }
        return ranks;
    }

    @Test
    void unseenLeavesOutRepeatedTargetsAndSeenRivals() throws InterruptedException {
        // One user: a, a, b, a. The cases are positions 2 (target b) and 3 (target a, seen before).
        Split split = TestSplits.of(3, new int[][] {{1, 1, 2, 1}}, new int[] {2}, new int[] {2});
        Recommender byIndex = new FixedScorer(3, (block, scores) -> {
            for (int i = 0; i < block.size(); i++) {
                scores[i * 4 + 1] = 30;
                scores[i * 4 + 2] = 20;
                scores[i * 4 + 3] = 40;
            }
        });
        assertThat(ranks(byIndex, split, Protocol.ALL)).containsExactly(3, 2);
        assertThat(ranks(byIndex, split, Protocol.UNSEEN)).containsExactly(2);
        EvaluationResult all = new Evaluator(OPTIONS).evaluate(byIndex, split, Split.Part.TEST);
        assertThat(all.newTargets().cases()).isEqualTo(1);
        assertThat(all.repeatedTargets().cases()).isEqualTo(1);
        assertThat(all.repeatedTargets().metrics())
                .filteredOn(metric -> metric.name().equals("MRR"))
                .extracting(Metric::value)
                .containsExactly(0.5);
        Split onlyRepeats = TestSplits.of(3, new int[][] {{1, 1}}, new int[] {1}, new int[] {1});
        assertThatThrownBy(() -> ranks(byIndex, onlyRepeats, Protocol.UNSEEN))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("use protocol all");
    }

    private static int[] ranks(Recommender recommender, Split split, Protocol protocol) throws InterruptedException {
        return new Evaluator(OPTIONS.withProtocol(protocol))
                .evaluate(recommender, split, Split.Part.TEST)
                .ranks()
                .ranks();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void threadsAndBlocksDoNotChangeTheResult(int threads) throws InterruptedException {
        Split split = TestSplits.random(SEED, 80, 25, 30);
        EvaluationOptions options = OPTIONS.withBootstrap(200, 5).withProtocol(Protocol.UNSEEN);
        EvaluationResult one = new Evaluator(options).evaluate(TiedScores.of(25), split, Split.Part.TEST);
        EvaluationResult many = new Evaluator(options.withThreads(threads).withBlocks(1, 256))
                .evaluate(TiedScores.of(25), split, Split.Part.TEST);
        assertThat(many.metrics()).isEqualTo(one.metrics());
        assertThat(many.ranks().ranks()).containsExactly(one.ranks().ranks());
    }

    @Test
    void blocksKeepUsersWholeIfPossible() {
        int[][] sequences = {new int[4], new int[4], new int[1], new int[9], new int[3]};
        for (int[] sequence : sequences) {
            Arrays.fill(sequence, 1);
        }
        // The numbers of cases are 3, 3, 0, 8, 2.
        Split split = TestSplits.of(1, sequences, new int[] {1, 1, 1, 1, 1}, new int[] {1, 1, 1, 1, 1});
        CaseBlocks blocks = new CaseBlocks(split, Split.Part.TEST, 5);
        List<String> cut = new ArrayList<>();
        for (int b = 0; b < blocks.count(); b++) {
            CaseBlock block = blocks.block(b);
            cut.add(Arrays.toString(block.users()) + Arrays.toString(block.positions()));
        }
        assertThat(cut)
                .containsExactly(
                        "[0, 0, 0][1, 2, 3]",
                        "[1, 1, 1][1, 2, 3]",
                        "[3, 3, 3, 3, 3][1, 2, 3, 4, 5]",
                        "[3, 3, 3, 4, 4][6, 7, 8, 1, 2]");
        assertThat(blocks.userCount()).isEqualTo(4);
        assertThat(blocks.cases()).isEqualTo(16);
        assertThat(new CaseBlocks(split, Split.Part.TRAIN, 5).count()).isZero();
    }

    @Test
    void progressIsToldInOrder() throws InterruptedException {
        Split split = TestSplits.random(SEED, 30, 10, 20);
        List<Integer> told = new ArrayList<>();
        EvaluationResult result = new Evaluator(OPTIONS.withThreads(2).withBlocks(1 << 20, 7))
                .evaluate(TiedScores.of(10), split, Split.Part.TEST, (done, total) -> {
                    assertThat(total).isEqualTo((int) split.cases(Split.Part.TEST));
                    told.add(done);
                });
        assertThat(told).isSorted().doesNotHaveDuplicates().endsWith(result.cases());
        assertThat(told.size()).isGreaterThan(5);
    }

    @Test
    void interruptStopsIt() {
        Split split = TestSplits.random(SEED, 200, 10, 20);
        Thread caller = Thread.currentThread();
        List<Integer> told = new ArrayList<>();
        assertThatThrownBy(() -> new Evaluator(OPTIONS.withBlocks(1, 1))
                        .evaluate(TiedScores.of(10), split, Split.Part.TEST, (done, total) -> {
                            told.add(done);
                            if (told.size() == 1) {
                                caller.interrupt();
                                pauseUntilThisThreadIsInterrupted();
                            }
                        }))
                .isInstanceOf(InterruptedException.class);
        assertThat(told.size()).isLessThan((int) split.cases(Split.Part.TEST));
    }

    private static void pauseUntilThisThreadIsInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void failingRecommenderFailsTheEvaluation() {
        Split split = TestSplits.random(SEED, 20, 10, 20);
        Recommender failing = new FixedScorer(10, (block, scores) -> {
            throw new UserFacingException("broken");
        });
        assertThatThrownBy(() -> new Evaluator(OPTIONS.withThreads(2)).evaluate(failing, split, Split.Part.TEST))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("broken");
        assertThatThrownBy(() -> new Evaluator(OPTIONS).evaluate(TiedScores.of(9), split, Split.Part.TEST))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9 items, the data 10");
    }

    @Test
    void emptyPartIsReported() {
        Split split = TestSplits.of(2, new int[][] {{1, 2}}, new int[] {2}, new int[] {2});
        assertThatThrownBy(() -> new Evaluator(OPTIONS).evaluate(TiedScores.of(2), split, Split.Part.VALIDATION))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("leaves no validation case of 1 users");
    }

    @Test
    void popularityCountsTrainingEventsOnly() throws InterruptedException {
        Split split = TestSplits.of(
                4, new int[][] {{1, 2, 2, 3, 3, 3}, {2, 4, 4}, {4}, {}}, new int[] {3, 1, 1, 1}, new int[] {4, 2, 1, 1
                });
        Popularity popularity = Popularity.of(split);
        assertThat(popularity.scores()).containsExactly(0, 1, 3, 0, 1);
        EvaluationResult result = new Evaluator(OPTIONS).evaluate(popularity, split, Split.Part.TEST);
        assertThat(result.ranks().ranks())
                .as("item 3 twice, last; item 4 ties with item 1")
                .containsExactly(4, 4, 3);
    }

    @Test
    void impossibleOptionsAreRefused() {
        assertThatThrownBy(() -> OPTIONS.withKs(List.of(0))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withThreads(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(OPTIONS.withKs(List.of(50, 10, 10)).ks()).containsExactly(10, 50);
    }

    /** Scores drawn from few values, including NaN, so that most targets tie with other items. */
    private record TiedScores(int itemCount) implements Recommender.Scorer {
        static float score(int user, int position, int item) {
            int drawn = new Random(SEED + user * 1_000_003L + position * 1_009L + item * 31L).nextInt(12);
            int level = drawn / 3;
            return drawn == 0 ? Float.NaN : drawn == 1 ? Float.NEGATIVE_INFINITY : level;
        }

        static Recommender of(int itemCount) {
            return new FixedScorer(itemCount, new TiedScores(itemCount));
        }

        @Override
        public void score(CaseBlock block, float[] scores) {
            for (int i = 0; i < block.size(); i++) {
                scores[i * (itemCount + 1)] = Float.POSITIVE_INFINITY;
                for (int item = 1; item <= itemCount; item++) {
                    scores[i * (itemCount + 1) + item] = score(block.users()[i], block.positions()[i], item);
                }
            }
        }
    }

    @Test
    void casesOfOneUserHaveNoInterval() throws InterruptedException {
        EvaluationOptions options = OPTIONS.withBootstrap(100, 1);
        EvaluationResult one =
                new Evaluator(options).evaluate(TiedScores.of(37), TestSplits.random(SEED, 1, 37, 40), Split.Part.TEST);
        assertThat(one.users()).isEqualTo(1);
        assertThat(one.metrics()).allMatch(metric -> metric.interval() == null);
        assertThat(EvaluationReport.table(one)).doesNotContain("interval", "Intervals");
        EvaluationResult more = new Evaluator(options)
                .evaluate(TiedScores.of(37), TestSplits.random(SEED, 60, 37, 40), Split.Part.TEST);
        assertThat(more.metrics()).allMatch(metric -> metric.interval() != null);
    }
}
