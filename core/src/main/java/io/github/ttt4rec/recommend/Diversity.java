package io.github.ttt4rec.recommend;

import java.util.Arrays;

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): repeatedly chooses the candidate with the largest
 * {@code (1 − s) · relevance − s · similarity}, where similarity is the largest cosine with an item already chosen, and
 * relevance is the score, scaled so that the candidates' scores span 0 to 1. At strength {@code s = 0} the order is
 * that of the scores.
 */
public final class Diversity {
    private static final int CANDIDATES = 5;
    private static final int MAX_MORE = 200;

    private Diversity() {}

    /** The number of highest-scored items from which {@code k} are chosen. */
    public static int candidates(int k) {
        return k + Math.min((CANDIDATES - 1) * k, MAX_MORE);
    }

    /**
     * Chooses k of the candidates.
     *
     * @param items indices of the candidates, best first
     * @param scores their scores, parallel to {@code items}
     * @param k the number of items wanted
     * @param strength s, from 0 to 1
     * @return the positions in {@code items} of the chosen items, in the order of choice
     */
    public static int[] choose(Recommender.Cosines cosines, int[] items, float[] scores, int k, double strength) {
        float best = Float.NEGATIVE_INFINITY;
        float worst = Float.POSITIVE_INFINITY;
        for (float score : scores) {
            best = Math.max(best, score);
            worst = Math.min(worst, score);
        }
        double range = best > worst ? (double) best - worst : 1;
        double[] similarity = new double[items.length];
        Arrays.fill(similarity, -1);
        boolean[] taken = new boolean[items.length];
        int[] chosen = new int[Math.min(k, items.length)];
        for (int n = 0; n < chosen.length; n++) {
            int next = -1;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < items.length; i++) {
                double relevance = (scores[i] - worst) / range;
                double value = (1 - strength) * relevance - (n == 0 ? 0 : strength * similarity[i]);
                if (!taken[i] && value > most) {
                    most = value;
                    next = i;
                }
            }
            chosen[n] = next;
            taken[next] = true;
            for (int i = 0; i < items.length; i++) {
                if (!taken[i]) {
                    similarity[i] = Math.max(similarity[i], cosines.of(items[i], items[next]));
                }
            }
        }
        return chosen;
    }
}
