package io.github.ttt4rec.hybrid;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.hybrid.OutputWeights.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

class TermChoiceTest {
    private static final long SEED = 41;
    private static final int CANDIDATES = 200;
    private static final double PENALTY = 1e-4;
    private static final List<Term> TERMS =
            List.of(new Term(ItemFeature.NETWORK, Gate.ONE), new Term(ItemFeature.POPULARITY, Gate.ONE));

    /** Cases with random features, whose targets are drawn by log-odds that are a function of the two features. */
    private static List<FitCase> cases(int count, DoubleBinaryOperator logOdds, SplittableRandom random) {
        List<FitCase> cases = new ArrayList<>();
        float[] gates = new float[Gate.values().length];
        gates[Gate.ONE.column()] = 1;
        for (int n = 0; n < count; n++) {
            float[] values = new float[2 * CANDIDATES];
            byte[] kinds = new byte[values.length];
            int[] offsets = new int[CANDIDATES + 1];
            double best = Double.NEGATIVE_INFINITY;
            int target = 0;
            for (int c = 0; c < CANDIDATES; c++) {
                offsets[c + 1] = 2 * (c + 1);
                kinds[2 * c + 1] = 1;
                values[2 * c] = (float) random.nextGaussian();
                values[2 * c + 1] = Math.max(0, (float) random.nextDouble(-3, 1));
                double key = logOdds.applyAsDouble(values[2 * c], values[2 * c + 1])
                        - Math.log(-Math.log(random.nextDouble()));
                target = key > best ? c : target;
                best = Math.max(best, key);
            }
            for (int f = 0; f < 2; f++) {
                float swap = values[f];
                values[f] = values[2 * target + f];
                values[2 * target + f] = swap;
            }
            cases.add(new FitCase(gates, new float[CANDIDATES], offsets, kinds, values));
        }
        return cases;
    }

    private static OutputWeights first(List<FitCase> cases) {
        return new OutputFit(cases, TERMS, new double[] {PENALTY, PENALTY}).fit(() -> {});
    }

    private static OutputWeights chosen(List<FitCase> cases) {
        int[] users = new int[cases.size()];
        Arrays.setAll(users, i -> i);
        return new TermChoice(cases, users)
                .fit(true, TERMS, term -> PENALTY, () -> {})
                .weights();
    }

    private static double ndcg(List<FitCase> cases, OutputWeights weights) {
        return cases.stream()
                .mapToDouble(one -> {
                    double[] logits = one.logits(weights);
                    long rank = Arrays.stream(logits)
                            .filter(logit -> logit >= logits[0])
                            .count();
                    return rank <= 10 ? Math.log(2) / Math.log(rank + 1.0) : 0;
                })
                .average()
                .orElseThrow();
    }

    /**
     * It only matters whether popularity is above 0, which a linear term cannot express. In a fit to all candidates it
     * has too much weight among the items above 0, of which the list is made.
     */
    @Test
    void secondFitRanksTheBestItemsBetter() {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        DoubleBinaryOperator logOdds = (network, popularity) -> network + (popularity > 0 ? 3 : 0);
        List<FitCase> cases = cases(3000, logOdds, random);
        List<FitCase> others = cases(3000, logOdds, random);
        OutputWeights first = first(cases);
        OutputWeights chosen = chosen(cases);
        System.out.println("NDCG@10 of new cases: " + ndcg(others, first) + ", " + ndcg(others, chosen));
        assertThat(chosen.values()).isNotEqualTo(first.values());
        assertThat(ndcg(others, chosen)).isGreaterThan(ndcg(others, first) * 1.02);
    }

    /** If the terms are the truth, no fit to part of the candidates is better than the one to all of them. */
    @Test
    void firstFitRemainsIfItIsTheTruth() {
        List<FitCase> cases =
                cases(3000, (network, popularity) -> 2 * network + popularity, new SplittableRandom(SEED));
        assertThat(chosen(cases).values()).isEqualTo(first(cases).values());
    }

    @Test
    void bestCandidatesIncludeTheTargetOrTheCaseIsLeftOut() {
        List<FitCase> cases = cases(300, (network, popularity) -> network, new SplittableRandom(SEED));
        OutputWeights weights = OutputWeights.network();
        int left = 0;
        for (FitCase one : cases) {
            double[] logits = one.logits(weights);
            long before =
                    Arrays.stream(logits).filter(logit -> logit > logits[0]).count();
            assertThat(one.best(weights, 50).isPresent()).isEqualTo(before < 50);
            if (before < 50) {
                double[] best = one.best(weights, 50).orElseThrow().logits(weights);
                assertThat(best).hasSize(50);
                assertThat(best[0]).isEqualTo(logits[0]);
                assertThat(Arrays.stream(best).sorted().toArray())
                        .isEqualTo(Arrays.stream(logits).sorted().skip(150).toArray());
            } else {
                left++;
            }
        }
        assertThat(left).isBetween(1, cases.size() - 1);
    }

    /** The losses of the sets of terms in the second line are those of a log of popularity alone. */
    @Test
    void smallestSetNearTheBestIsChosenOrElseTheNearest() {
        assertThat(TermChoice.simplest(new double[] {3, 1, 0})).isEqualTo(1);
        assertThat(TermChoice.simplest(new double[] {1.59, 2.45, 3.18, 2.23, 2.82, 2.80, 3.87}))
                .isZero();
        assertThat(TermChoice.simplest(new double[] {4, 2, 1.1})).isEqualTo(2);
    }

    /** A case of three candidates: the target and an item of the history, or two, and one that is neither. */
    private static FitCase ofSeen(boolean target) {
        float[] gates = new float[Gate.values().length];
        gates[Gate.ONE.column()] = 1;
        byte seen = (byte) ItemFeature.SEEN_POPULARITY.column();
        return target
                ? new FitCase(
                        gates, new float[3], new int[] {0, 2, 4, 5}, new byte[] {0, seen, 0, seen, 0}, new float[] {
                            3, 1, 2, 1, 1
                        })
                : new FitCase(
                        gates, new float[3], new int[] {0, 1, 3, 4}, new byte[] {0, 0, seen, 0}, new float[] {3, 2, 1, 1
                        });
    }

    @Test
    void unseenCaseHasNoItemOfTheHistory() {
        assertThat(ofSeen(true).unseen()).isEmpty();
        FitCase unseen = ofSeen(false).unseen().orElseThrow();
        assertThat(unseen.logits(OutputWeights.network())).containsExactly(3, 1);
    }
}
