package io.github.ttt4rec.recommend;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.Arrays;
import java.util.List;

/**
 * Recommends the most popular items of the training part to everybody: the baseline that any model must beat, and a
 * fallback for users without history. The score of an item is the number of its training interactions.
 */
public final class Popularity extends MemoryBasedRecommender {
    private static final String SCORES = "scores";

    private final float[] scores;

    /** The settings of the type {@code popularity}, which has none. */
    public record Config() implements MemoryBasedConfig {
        @Override
        public String type() {
            return "popularity";
        }

        @Override
        public Popularity create(Split split) {
            return of(split);
        }

        @Override
        public Popularity load(TensorFile tables, int itemCount) {
            return new Popularity(tables.floatsOfItems(SCORES, itemCount + 1, itemCount));
        }
    }

    private Popularity(float[] scores) {
        super(scores.length - 1, 0);
        this.scores = scores;
    }

    /**
     * The interactions of each item in {@code split}'s training part: each user's events before its validation cases,
     * without events that are only inputs. Entry v belongs to item v; entry 0 is 0.
     */
    public static long[] counts(Split split) {
        long[] counts = new long[split.data().itemCount() + 1];
        for (int user = 0; user < split.data().userCount(); user++) {
            int end = split.trainingLength(user);
            for (int p = 0; p < end; p++) {
                counts[split.data().item(user, p)] += split.data().isTarget(user, p) ? 1 : 0;
            }
        }
        return counts;
    }

    /** The recommender by {@link #counts}. */
    public static Popularity of(Split split) {
        long[] counts = counts(split);
        float[] scores = new float[counts.length];
        for (int v = 1; v < counts.length; v++) {
            scores[v] = counts[v];
        }
        return new Popularity(scores);
    }

    /** The scores of all items: entry v is the number of training interactions of item v; entry 0 is 0. */
    public float[] scores() {
        return Arrays.copyOf(scores, scores.length);
    }

    @Override
    public List<TensorData> tensors() {
        return List.of(new TensorData.Floats(SCORES, new int[] {scores.length}, scores));
    }

    @Override
    protected HistoryScorer newHistoryScorer() {
        return (history, out, offset) -> System.arraycopy(scores, 0, out, offset, scores.length);
    }
}
