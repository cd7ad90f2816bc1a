package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.eval.Evaluator.Scoring;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.Recommender.Scorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A blend of recommenders: the score of an item is the weighted sum of its standard scores,
 * {@code (score − mean)/deviation} over the catalogue, by each recommender. A coordinate search chooses the weights
 * with the best NDCG@10 on validation cases. Serves as a baseline for models that combine several parts.
 */
final class Blend {
    private static final int K = 10;
    private static final int MAX_CASES = 4000;
    private static final int BLOCK = 32;
    /** The number of top items per recommender among which targets are ranked to choose the weights. */
    private static final int BEST = 100;

    private static final int MAX_ROUNDS = 20;
    private static final double[] FACTORS = {0, 0.3, 0.6, 0.85, 1.2, 1.7, 3, 10};
    /** The values to try for a weight that is 0. */
    private static final double[] STARTS = {0.03, 0.1, 0.3, 1};

    private final List<Scoring> parts;
    private final double[] weights;

    /**
     * A blend with given weights.
     *
     * @param parts recommenders of the same catalogue
     * @param weights the weight of each, at least 0
     */
    Blend(List<Scoring> parts, double[] weights) {
        this.parts = List.copyOf(parts);
        this.weights = weights.clone();
    }

    /** The weights; not a copy. */
    double[] weights() {
        return weights;
    }

    /** This blend in the form that an evaluation takes. */
    Scoring scoring() {
        return new Scoring(parts.getFirst().itemCount(), BlendScorer::new);
    }

    /** Scores with every recommender and sums the standard scores. */
    private final class BlendScorer implements Scorer {
        private final List<Scorer> scorers =
                parts.stream().map(part -> part.newScorer().get()).toList();
        private float[] own = {};

        @Override
        public void score(CaseBlock block, float[] scores) {
            int row = parts.getFirst().itemCount() + 1;
            int size = block.size() * row;
            if (own.length < size) {
                own = new float[size];
            }
            Arrays.fill(scores, 0, size, 0);
            for (int part = 0; part < scorers.size(); part++) {
                scorers.get(part).score(block, own);
                for (int i = 0; i < block.size(); i++) {
                    standardise(own, i * row, row);
                }
                for (int i = 0; i < size; i++) {
                    scores[i] += (float) weights[part] * own[i];
                }
            }
        }
    }

    /**
     * Replaces the scores of items 1 .. {@code row − 1} by their standard scores. A score that is not finite, such as
     * that of an item that a recommender leaves out, is replaced by the lowest. If all scores are equal, all become 0.
     */
    static void standardise(float[] scores, int offset, int row) {
        double sum = 0;
        double squares = 0;
        int n = 0;
        float lowest = Float.POSITIVE_INFINITY;
        for (int i = offset + 1; i < offset + row; i++) {
            if (Float.isFinite(scores[i])) {
                sum += scores[i];
                squares += (double) scores[i] * scores[i];
                lowest = Math.min(lowest, scores[i]);
                n++;
            }
        }
        double mean = n == 0 ? 0 : sum / n;
        double deviation = n == 0 ? 0 : Math.sqrt(Math.max(0, squares / n - mean * mean));
        for (int i = offset + 1; i < offset + row; i++) {
            float score = Float.isFinite(scores[i]) ? scores[i] : lowest;
            scores[i] = deviation > 0 ? (float) ((score - mean) / deviation) : 0;
        }
        scores[offset] = 0;
    }

    /**
     * Chooses the weights, which sum to 1.
     *
     * @param seed the seed for drawing cases
     * @param checkpoint called frequently; it may throw to end the search
     */
    static Blend fit(List<Scoring> parts, Split split, long seed, Runnable checkpoint) {
        List<float[]> cases = cases(parts, TestCases.of(split, Part.VALIDATION).sample(MAX_CASES, seed), checkpoint);
        double[] best = new double[parts.size()];
        Arrays.fill(best, 1);
        double bestNdcg = climb(best, cases, checkpoint);
        for (int part = 0; part < parts.size(); part++) {
            double[] weights = new double[parts.size()];
            weights[part] = 1;
            double ndcg = climb(weights, cases, checkpoint);
            if (ndcg > bestNdcg) {
                best = weights;
                bestNdcg = ndcg;
            }
        }
        double sum = Arrays.stream(best).sum();
        return new Blend(parts, Arrays.stream(best).map(weight -> weight / sum).toArray());
    }

    /** Changes one weight after the other as long as NDCG@10 improves, and returns the result. */
    private static double climb(double[] weights, List<float[]> cases, Runnable checkpoint) {
        double best = ndcg(weights, cases);
        boolean better = true;
        for (int round = 0; better && round < MAX_ROUNDS; round++) {
            better = false;
            for (int part = 0; part < weights.length; part++) {
                double before = weights[part];
                double chosen = before;
                for (double factor : before > 0 ? FACTORS : STARTS) {
                    checkpoint.run();
                    weights[part] = before > 0 ? before * factor : factor;
                    double ndcg = ndcg(weights, cases);
                    if (ndcg > best) {
                        best = ndcg;
                        chosen = weights[part];
                        better = true;
                    }
                }
                weights[part] = chosen;
            }
        }
        return best;
    }

    /** The mean NDCG@10 of the targets; ties count against a target. */
    private static double ndcg(double[] weights, List<float[]> cases) {
        double sum = 0;
        for (float[] one : cases) {
            double target = score(weights, one, 0);
            int rank = 1;
            for (int at = weights.length; at < one.length && rank <= K; at += weights.length) {
                rank += score(weights, one, at) >= target ? 1 : 0;
            }
            sum += rank <= K ? Math.log(2) / Math.log(rank + 1) : 0;
        }
        return sum / Math.max(1, cases.size());
    }

    private static double score(double[] weights, float[] scores, int at) {
        double sum = 0;
        for (int part = 0; part < weights.length; part++) {
            sum += weights[part] * scores[at + part];
        }
        return sum;
    }

    /**
     * For each case, the standard scores of the target, followed by those of the best items of each recommender:
     * {@code (items, parts)}.
     */
    private static List<float[]> cases(List<Scoring> parts, TestCases cases, Runnable checkpoint) {
        int items = parts.getFirst().itemCount();
        int row = items + 1;
        BitSet all = new BitSet();
        all.set(1, row);
        List<Scorer> scorers =
                parts.stream().map(part -> part.newScorer().get()).toList();
        List<float[]> scores = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            scores.add(new float[BLOCK * row]);
        }
        List<float[]> made = new ArrayList<>();
        for (int from = 0; from < cases.size(); from += BLOCK) {
            checkpoint.run();
            int to = Math.min(cases.size(), from + BLOCK);
            CaseBlock block = new CaseBlock(
                    cases.data(),
                    Arrays.copyOfRange(cases.users(), from, to),
                    Arrays.copyOfRange(cases.positions(), from, to));
            for (int part = 0; part < parts.size(); part++) {
                scorers.get(part).score(block, scores.get(part));
            }
            for (int i = 0; i < block.size(); i++) {
                BitSet candidates = new BitSet();
                for (float[] own : scores) {
                    standardise(own, i * row, row);
                    float[] ofCase = Arrays.copyOfRange(own, i * row, (i + 1) * row);
                    for (int item : ExactScan.select(ofCase, all, BEST).items()) {
                        candidates.set(item);
                    }
                }
                candidates.clear(block.target(i));
                made.add(pack(scores, i * row, block.target(i), candidates));
            }
        }
        return made;
    }

    private static float[] pack(List<float[]> scores, int offset, int target, BitSet others) {
        float[] packed = new float[(1 + others.cardinality()) * scores.size()];
        int filled = 0;
        for (float[] own : scores) {
            packed[filled++] = own[offset + target];
        }
        for (int item = others.nextSetBit(0); item >= 0; item = others.nextSetBit(item + 1)) {
            for (float[] own : scores) {
                packed[filled++] = own[offset + item];
            }
        }
        return packed;
    }
}
