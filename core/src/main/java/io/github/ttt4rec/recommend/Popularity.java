package io.github.ttt4rec.recommend;

import io.github.ttt4rec.data.Split;
import java.util.Arrays;

/**
 * Recommends the most popular items of the training part to everybody: the baseline any model must beat, and an answer
 * for a user without history. The score of an item is the number of its training interactions.
 */
public final class Popularity implements Recommender {
    private final float[] scores;

    private Popularity(float[] scores) {
        this.scores = scores;
    }

    /**
     * The interactions of each item in {@code split}'s training part: each user's events before its validation cases. Entry
     * v is item v's, entry 0 is 0.
     */
    public static long[] counts(Split split) {
        long[] counts = new long[split.data().itemCount() + 1];
        for (int user = 0; user < split.data().userCount(); user++) {
            int end = split.trainingLength(user);
            for (int p = 0; p < end; p++) {
                counts[split.data().item(user, p)]++;
            }
        }
        return counts;
    }

    /** Of {@link #counts}. */
    public static Popularity of(Split split) {
        long[] counts = counts(split);
        float[] scores = new float[counts.length];
        for (int v = 1; v < counts.length; v++) {
            scores[v] = counts[v];
        }
        return new Popularity(scores);
    }

    /** The scores of all items: entry v is item v's number of training interactions, entry 0 is 0. */
    public float[] scores() {
        return Arrays.copyOf(scores, scores.length);
    }

    @Override
    public int itemCount() {
        return scores.length - 1;
    }

    @Override
    public Scorer newScorer() {
        return Scorer.same(scores);
    }
}
