package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.hybrid.OutputWeights.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputFitTest {
    private static final long SEED = 33;
    private static final List<ItemFeature> FEATURES =
            List.of(ItemFeature.NETWORK, ItemFeature.POPULARITY, ItemFeature.SEEN, ItemFeature.TRANSITION);

    /**
     * Cases whose targets are drawn from a softmax with the given weights of the network and of transitions and zero
     * weights otherwise.
     */
    private static List<FitCase> cases(int count, double network, double transition, double byLength) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<FitCase> cases = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            int candidates = 20;
            float[] gates = new float[Gate.values().length];
            gates[Gate.ONE.column()] = 1;
            gates[Gate.LENGTH.column()] = random.nextInt(3) - 1;
            float[] values = new float[candidates * FEATURES.size()];
            byte[] kinds = new byte[values.length];
            int[] offsets = new int[candidates + 1];
            double[] odds = new double[candidates];
            double sum = 0;
            for (int c = 0; c < candidates; c++) {
                offsets[c + 1] = (c + 1) * FEATURES.size();
                for (int f = 0; f < FEATURES.size(); f++) {
                    kinds[offsets[c] + f] = (byte) FEATURES.get(f).column();
                    values[offsets[c] + f] = (float) random.nextGaussian();
                }
                odds[c] = Math.exp(network * values[offsets[c]]
                        + (transition + byLength * gates[Gate.LENGTH.column()]) * values[offsets[c] + 3]);
                sum += odds[c];
            }
            double draw = random.nextDouble(sum);
            int target = 0;
            while (target < candidates - 1 && draw >= odds[target]) {
                draw -= odds[target++];
            }
            for (int f = 0; f < FEATURES.size(); f++) {
                float swap = values[f];
                values[f] = values[offsets[target] + f];
                values[offsets[target] + f] = swap;
            }
            cases.add(new FitCase(gates, new float[candidates], offsets, kinds, values));
        }
        return cases;
    }

    private static double[] penalties(List<Term> terms, double penalty) {
        double[] penalties = new double[terms.size()];
        Arrays.fill(penalties, penalty);
        return penalties;
    }

    private static float weight(OutputWeights weights, ItemFeature feature, Gate gate) {
        return weights.values()[new Term(feature, gate).index()];
    }

    @Test
    void fitFindsTheWeightsThatMadeTheTargets() {
        System.out.println("seed " + SEED);
        List<Term> terms = List.of(
                new Term(ItemFeature.NETWORK, Gate.ONE),
                new Term(ItemFeature.POPULARITY, Gate.ONE),
                new Term(ItemFeature.SEEN, Gate.ONE),
                new Term(ItemFeature.TRANSITION, Gate.ONE),
                new Term(ItemFeature.TRANSITION, Gate.LENGTH));
        OutputWeights weights = new OutputFit(cases(4000, 0.5, 1.2, -0.6), terms, penalties(terms, 1e-4)).fit(() -> {});
        assertThat(weight(weights, ItemFeature.NETWORK, Gate.ONE)).isCloseTo(0.5f, within(0.06f));
        assertThat(weight(weights, ItemFeature.TRANSITION, Gate.ONE)).isCloseTo(1.2f, within(0.06f));
        assertThat(weight(weights, ItemFeature.TRANSITION, Gate.LENGTH)).isCloseTo(-0.6f, within(0.06f));
        assertThat(weight(weights, ItemFeature.POPULARITY, Gate.ONE)).isCloseTo(0f, within(0.06f));
        assertThat(weight(weights, ItemFeature.SEEN, Gate.ONE)).isCloseTo(0f, within(0.06f));
    }

    /** One step from the optimum of all cases nearly gives the optimum without some of them. */
    @Test
    void weightsWithoutAFoldAreThoseOfAFitWithoutItsCases() {
        List<Term> terms = List.of(
                new Term(ItemFeature.NETWORK, Gate.ONE),
                new Term(ItemFeature.TRANSITION, Gate.ONE),
                new Term(ItemFeature.TRANSITION, Gate.LENGTH));
        List<FitCase> cases = cases(300, 0.5, 1.2, -0.6);
        int folds = 5;
        int[] foldOfCase = IntStream.range(0, cases.size()).map(i -> i % folds).toArray();
        OutputFit fit = new OutputFit(cases, terms, penalties(terms, 1e-3));
        OutputWeights all = fit.fit(() -> {});
        List<OutputWeights> without = fit.withoutEachFold(all, foldOfCase, folds, () -> {});
        double moved = 0;
        for (int f = 0; f < folds; f++) {
            int left = f;
            List<FitCase> rest = IntStream.range(0, cases.size())
                    .filter(i -> foldOfCase[i] != left)
                    .mapToObj(cases::get)
                    .toList();
            OutputWeights expected = new OutputFit(rest, terms, penalties(terms, 1e-3)).fit(() -> {});
            for (Term term : terms) {
                float weight = expected.values()[term.index()];
                moved = Math.max(moved, Math.abs(weight - all.values()[term.index()]));
                assertThat(without.get(f).values()[term.index()])
                        .as("%s without fold %d", term, f)
                        .isCloseTo(weight, within(0.01f));
            }
        }
        assertThat(moved).as("effect of a fold").isGreaterThan(0.05);
    }

    @Test
    void fitFromAnotherStartFindsTheSameOptimum() {
        List<Term> terms = List.of(new Term(ItemFeature.NETWORK, Gate.ONE), new Term(ItemFeature.TRANSITION, Gate.ONE));
        OutputFit fit = new OutputFit(cases(300, 0.5, 1.2, -0.6), terms, penalties(terms, 1e-3));
        float[] start = new float[OutputWeights.FEATURES * OutputWeights.GATES];
        start[terms.getLast().index()] = 3;
        OutputWeights near = fit.fit(new OutputWeights(start, GateRange.UNLIMITED), OutputFit.ENOUGH, () -> {});
        OutputWeights usual = fit.fit(() -> {});
        for (Term term : terms) {
            assertThat(near.values()[term.index()]).isCloseTo(usual.values()[term.index()], within(0.01f));
        }
    }

    @Test
    void weightWithALargePenaltyStaysAtItsStart() {
        List<Term> terms =
                List.of(new Term(ItemFeature.TRANSITION, Gate.ONE), new Term(ItemFeature.TRANSITION, Gate.LENGTH));
        OutputWeights weights = new OutputFit(cases(1000, 0, 1.2, -0.6), terms, new double[] {1e-4, 1e3}).fit(() -> {});
        assertThat(weight(weights, ItemFeature.TRANSITION, Gate.ONE)).isGreaterThan(0.8f);
        assertThat(weight(weights, ItemFeature.TRANSITION, Gate.LENGTH)).isCloseTo(0f, within(0.01f));
    }

    @Test
    void featureThatIsZeroEverywhereStaysAtZero() {
        List<Term> terms = List.of(
                new Term(ItemFeature.NETWORK, Gate.ONE),
                new Term(ItemFeature.THIS_VISIT, Gate.ONE),
                new Term(ItemFeature.TRANSITION, Gate.GAP));
        OutputWeights weights = new OutputFit(cases(200, 1, 0, 0), terms, penalties(terms, 1e-4)).fit(() -> {});
        assertThat(weight(weights, ItemFeature.THIS_VISIT, Gate.ONE)).isZero();
        assertThat(weight(weights, ItemFeature.TRANSITION, Gate.GAP)).isZero();
    }

    @Test
    void candidateThatStandsForSeveralCountsAsOften() {
        // A single case with the target and one candidate that represents three items. The log-odds of the feature are
        // log 3 at any weight, so with a penalty the optimum solves w = p(not target)/penalty.
        List<FitCase> cases = List.of(new FitCase(
                new float[] {1, 0, 0, 0, 0, 0, 0},
                new float[] {0, (float) Math.log(3)},
                new int[] {0, 1, 1},
                new byte[] {(byte) ItemFeature.SEEN.column()},
                new float[] {1}));
        List<Term> terms = List.of(new Term(ItemFeature.SEEN, Gate.ONE));
        OutputWeights weights = new OutputFit(cases, terms, penalties(terms, 0.5)).fit(() -> {});
        double w = weight(weights, ItemFeature.SEEN, Gate.ONE);
        assertThat(0.5 * w).isCloseTo(3 / (3 + Math.exp(w)), within(1e-3));
    }
}
