package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.hybrid.OutputWeights.Term;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.ttt.TttModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HybridFitTest {
    private static final long SEED = 34;
    private static final int ITEMS = 400;
    private static final Term SUCCESSION = new Term(ItemFeature.SUCCESSION, Gate.ONE);

    private final HybridConfig config = HybridConfig.defaults();

    private static SequenceRecommender untrained(HybridConfig config, int items) {
        TttModel network = config.network().create(items);
        network.parameters().initialize(SEED);
        return new SequenceRecommender(network, 50);
    }

    private static float weightOf(Split split, ItemTables tables, HybridConfig config) {
        List<FitCase> cases = new FitCases(config, tables)
                .of(
                        FitCases.sample(split, 1000, SEED),
                        untrained(config, split.data().itemCount()),
                        SEED,
                        () -> {});
        OutputWeights weights =
                new OutputFit(cases, List.of(SUCCESSION), new double[] {config.penalty()}).fit(() -> {});
        return weights.values()[SUCCESSION.index()];
    }

    /**
     * A log of random items, in which no item predicts the next. Tables that have counted the cases of the fit contain
     * each target as a successor of the item before it, so a fit on these cases would trust successions. A fit on cases
     * that no table has counted must not.
     */
    @Test
    void fitOnUncountedCasesDoesNotTrustTablesThatSayNothing() {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        int[][] users = new int[600][];
        Arrays.setAll(users, u -> random.ints(8, 1, ITEMS + 1).toArray());
        Split split = Logs.leaveOneOut(Logs.of(ITEMS, true, users));
        TrainingEvents honest = TrainingEvents.of(split);
        int[] withCases = Arrays.stream(honest.lengths()).map(n -> n + 1).toArray();
        TrainingEvents leaking = new TrainingEvents(split.data(), withCases);

        float leaked = weightOf(split, ItemTables.count(leaking, config), config);
        float ours = weightOf(split, ItemTables.count(honest, config), config);
        assertThat(leaked).as("a fit on counted cases").isGreaterThan(1f);
        assertThat(ours).as("a fit on uncounted cases").isLessThan(0.1f);

        HybridRecommender fitted = HybridFit.of(untrained(config, ITEMS), config, split, SEED, () -> {});
        assertThat(fitted.weights().values()[SUCCESSION.index()]).isLessThan(0.2f);
    }

    @Test
    void successionsAreTrustedIfItemsFollowEachOther() {
        SplittableRandom random = new SplittableRandom(SEED);
        Split split = Logs.leaveOneOut(Logs.of(ITEMS, true, Logs.circles(600, 8, ITEMS, random)));
        assertThat(weightOf(split, ItemTables.count(TrainingEvents.of(split), config), config))
                .isGreaterThan(0.5f);
    }

    /** If the times are permuted within each user, elapsed time is uninformative, and its weights must be near 0. */
    @Test
    void shuffledTimesGetNoWeight() {
        // Users return to an item after 40 days, and to no item earlier.
        SplittableRandom random = new SplittableRandom(SEED);
        int users = 400;
        int length = 12;
        int[][] items = new int[users][length];
        Dataset plain = Logs.of(ITEMS, true, items);
        for (int u = 0; u < users; u++) {
            long time = 0;
            for (int p = 0; p < length; p++) {
                boolean back = p > 2 && random.nextBoolean();
                time += back ? 40 * Logs.DAY : 2 * Logs.DAY;
                plain.times()[plain.start(u) + p] = time;
                int earlier = plain.events()[plain.start(u) + Math.max(0, p - random.nextInt(1, 3))];
                plain.events()[plain.start(u) + p] = back ? earlier : random.nextInt(1, ITEMS + 1);
            }
        }
        Term gap = new Term(ItemFeature.UP_TO_A_QUARTER, Gate.ONE);
        assertThat(timeWeight(plain, gap)).isGreaterThan(1f);
        for (int u = 0; u < users; u++) {
            for (int p = length - 1; p > 0; p--) {
                int i = plain.start(u) + p;
                int j = plain.start(u) + random.nextInt(p + 1);
                long swap = plain.times()[i];
                plain.times()[i] = plain.times()[j];
                plain.times()[j] = swap;
            }
        }
        assertThat(Math.abs(timeWeight(plain, gap))).isLessThan(0.5f);
    }

    private float timeWeight(Dataset data, Term term) {
        Split split = Logs.leaveOneOut(data);
        ItemTables tables = ItemTables.count(TrainingEvents.of(split), config);
        List<FitCase> cases = new FitCases(config, tables)
                .of(FitCases.sample(split, 1000, SEED), untrained(config, ITEMS), SEED, () -> {});
        List<Term> terms = List.of(new Term(ItemFeature.SEEN, Gate.ONE), term);
        double[] penalties = {config.penalty(), config.penalty()};
        return new OutputFit(cases, terms, penalties).fit(() -> {}).values()[term.index()];
    }

    @Test
    void penaltyGrowsWithFewerCases() {
        Term byLength = new Term(ItemFeature.SUCCESSION, Gate.LENGTH);
        for (Term term : List.of(SUCCESSION, byLength)) {
            assertThat(HybridFit.penalty(config, 8000, term)).isEqualTo(HybridFit.penalty(config, 4000, term));
        }
        assertThat(HybridFit.penalty(config, 4000, SUCCESSION)).isEqualTo(config.penalty());
        assertThat(HybridFit.penalty(config, 4000, byLength)).isCloseTo(10 * config.penalty(), within(1e-12));
        assertThat(HybridFit.penalty(config, 1000, SUCCESSION)).isCloseTo(8 * config.penalty(), within(1e-12));
        assertThat(HybridFit.penalty(config, 1000, byLength)).isCloseTo(80 * config.penalty(), within(1e-12));
        assertThat(HybridFit.penalty(config, 250, byLength)).isCloseTo(4096 * config.penalty(), within(1e-9));
    }

    private HybridRecommender fitted(int items, int[][] users) {
        Split split = Logs.leaveOneOut(Logs.of(items, true, users));
        return HybridFit.of(untrained(config, items), config, split, SEED, () -> {});
    }

    private static List<Term> weighted(HybridRecommender fitted) {
        return OutputWeights.terms(HybridConfig.defaults(), true).stream()
                .filter(term -> fitted.weights().values()[term.index()] != 0)
                .toList();
    }

    /** If items are drawn by popularity alone, the model is the list of popular items, without the noise of other terms. */
    @Test
    void logOfPopularityAloneGetsOnlyPopularity() {
        SplittableRandom random = new SplittableRandom(SEED);
        int[][] users = new int[500][];
        Arrays.setAll(
                users,
                u -> random.doubles(8).mapToInt(d -> 1 + (int) (d * d * d * 60)).toArray());
        assertThat(weighted(fitted(60, users))).isNotEmpty().allMatch(TermSet.FRESH_POPULARITY::contains);
    }

    @Test
    void logOfSuccessionsGetsThem() {
        HybridRecommender fitted = fitted(60, Logs.circles(500, 8, 60, new SplittableRandom(SEED)));
        assertThat(weighted(fitted)).contains(SUCCESSION);
        assertThat(fitted.weights().range().highest()[Gate.LENGTH.column()])
                .as("the longest history of the fit, of 6 events")
                .isEqualTo((float) (Math.log1p(6) - 2));
    }

    /** The order of a Markov chain has no fitted weight, so the noise of a fit cannot make it worse. */
    @Test
    void logOfAMarkovChainGetsItsPlainOrder() {
        float[] weights = fitted(60, Logs.circles(500, 8, 60, new SplittableRandom(SEED)))
                .weights()
                .values();
        assertThat(weights[SUCCESSION.index()]).isEqualTo(1);
        assertThat(weights[new Term(ItemFeature.POPULARITY, Gate.ONE).index()]).isEqualTo(1e-3f);
    }

    /** If an item depends on the one before the last, the plain order of successors of the last one is worse. */
    @Test
    void logOfTwoInterleavedChainsGetsAFit() {
        SplittableRandom random = new SplittableRandom(SEED);
        int[][] users = new int[500][];
        Arrays.setAll(users, u -> {
            int[][] chains = Logs.circles(2, 5, 60, random);
            return IntStream.range(0, 10).map(p -> chains[p % 2][p / 2]).toArray();
        });
        assertThat(weighted(fitted(60, users))).contains(new Term(ItemFeature.TRANSITION, Gate.ONE));
    }

    /** Users who repeat their items keep the terms of repeats, and the weight of popularity among new items with them. */
    @Test
    void logOfRepeatsKeepsThePopularityOfNewItems() {
        SplittableRandom random = new SplittableRandom(SEED);
        int[][] users = new int[500][8];
        for (int[] user : users) {
            for (int p = 0; p < user.length; p++) {
                double draw = random.nextDouble();
                user[p] =
                        p > 0 && random.nextInt(4) > 0 ? user[random.nextInt(p)] : 1 + (int) (draw * draw * draw * 200);
            }
        }
        Split split = Logs.leaveOneOut(Logs.of(200, false, users));
        HybridRecommender fitted = HybridFit.of(untrained(config, 200), config, split, SEED, () -> {});
        float[] weights = fitted.weights().values();
        float popularity = weights[new Term(ItemFeature.POPULARITY, Gate.ONE).index()];
        float ofSeen = popularity + weights[new Term(ItemFeature.SEEN_POPULARITY, Gate.ONE).index()];
        System.out.println("weight of popularity: new items " + popularity + ", seen items " + ofSeen);
        assertThat(popularity).as("among new items").isGreaterThan(0.5f);
        assertThat(Math.abs(ofSeen)).as("among seen items").isLessThan(0.5f * popularity);
    }

    /** Histories of 50 items by taste, each item once and in no order; an item says little about the taste. */
    private static int[][] tastes(int users, int items, SplittableRandom random) {
        double[][] vectors = new double[users + items + 1][];
        Arrays.setAll(
                vectors, i -> new double[] {
                    random.nextGaussian(), random.nextGaussian(), random.nextGaussian(), random.nextGaussian()
                });
        int[][] all = new int[users][];
        for (int u = 0; u < users; u++) {
            double[] keys = new double[items + 1];
            for (int v = 1; v <= items; v++) {
                double fit = 0;
                for (int i = 0; i < 4; i++) {
                    fit += vectors[u][i] * vectors[users + v][i];
                }
                // The order of these keys is that of draws without replacement.
                keys[v] = Math.log(-Math.log(random.nextDouble())) - fit;
            }
            all[u] = IntStream.rangeClosed(1, items)
                    .boxed()
                    .sorted(Comparator.comparingDouble(v -> keys[v]))
                    .limit(50)
                    .mapToInt(v -> v)
                    .toArray();
            for (int i = 49; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swap = all[u][i];
                all[u][i] = all[u][j];
                all[u][j] = swap;
            }
        }
        return all;
    }

    @Test
    void longHistoriesOfTastesAreReadFurther() {
        Split split = Logs.leaveOneOut(Logs.of(400, false, tastes(600, 400, new SplittableRandom(SEED))));
        HybridRecommender fitted = HybridFit.of(untrained(config, 400), config, split, SEED, () -> {});
        assertThat(fitted.memoryEvents()).isEqualTo(5 * config.memoryEvents());
        TensorFile saved = saved(fitted);
        assertThat(HybridRecommender.load(config, fitted.firstStage(), saved).memoryEvents())
                .isEqualTo(fitted.memoryEvents());
        assertThat(fitted.refit(fitted.firstStage(), split).memoryEvents()).isEqualTo(fitted.memoryEvents());
        assertThatThrownBy(() -> HybridRecommender.load(config, fitted.firstStage(), withReach(saved, -1)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("second_stage.reach must be positive");
    }

    @Test
    void longHistoriesInWhichOnlyTheLastItemCountsAreNot() {
        Split split = Logs.leaveOneOut(Logs.of(100, false, Logs.circles(300, 50, 100, new SplittableRandom(SEED))));
        HybridRecommender fitted = HybridFit.of(untrained(config, 100), config, split, SEED, () -> {});
        assertThat(fitted.memoryEvents()).isEqualTo(config.memoryEvents());
        assertThat(HybridRecommender.load(config, fitted.firstStage(), saved(fitted))
                        .memoryEvents())
                .isEqualTo(config.memoryEvents());
    }

    private static TensorFile saved(HybridRecommender fitted) {
        return new TensorFile(
                Path.of("model"),
                Map.of(),
                fitted.tensors().stream().collect(Collectors.toMap(TensorData::name, tensor -> tensor)));
    }

    private static TensorFile withReach(TensorFile file, int reach) {
        Map<String, TensorData> tensors = new HashMap<>(file.tensors());
        tensors.put(
                "second_stage.reach", new TensorData.Ints("second_stage.reach", new int[] {2}, new int[] {reach, 1}));
        return new TensorFile(file.path(), file.metadata(), tensors);
    }

    @Test
    void sameSeedGivesTheSameBits() {
        Split split = Logs.leaveOneOut(Logs.of(50, true, Logs.circles(60, 8, 50, new SplittableRandom(SEED))));
        float[] once = HybridFit.of(untrained(config, 50), config, split, 1, () -> {})
                .weights()
                .values();
        float[] again = HybridFit.of(untrained(config, 50), config, split, 1, () -> {})
                .weights()
                .values();
        assertThat(again).isEqualTo(once);
    }

    @Test
    void splitWithoutValidationCasesIsRefused() {
        Split split = Logs.leaveOneOut(Logs.of(5, true, new int[] {1, 2, 3, 4}));
        assertThatThrownBy(() -> HybridFit.requireCases(split))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("leaves 1 validation cases");
    }
}
