package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import java.util.Arrays;
import java.util.List;

/**
 * Recommends the recently most popular items to everybody: the score of an item is the number of its interactions in
 * the last part of all users' training events in time order. Items without any are ranked behind, by popularity in the
 * whole training part.
 *
 * <p>Events at the same time stay together, so the window may be larger than requested. If a file has no times but only
 * each user's order 1, 2, …, the window holds the training events with the highest order numbers, which are those of
 * users with long histories.
 */
public final class RecentPopularity extends MemoryBasedRecommender {
    /** The default share of training events that are counted. */
    public static final double DEFAULT_SHARE = 0.1;

    private static final String SCORES = "scores";

    private final float[] scores;

    /**
     * The settings.
     *
     * @param share the share of training events that are counted, above 0 and at most 1
     */
    public record Options(double share) implements MemoryBasedConfig {
        public Options {
            Ranges.require(share > 0 && share <= 1, "share must be above 0 and at most 1, not " + share);
        }

        /** The default share, {@value RecentPopularity#DEFAULT_SHARE}. */
        public static Options defaults() {
            return new Options(DEFAULT_SHARE);
        }

        @Override
        public String type() {
            return "recent-popularity";
        }

        @Override
        public RecentPopularity create(Split split) {
            return new RecentPopularity(split, share);
        }

        @Override
        public RecentPopularity load(TensorFile tables, int itemCount) {
            return new RecentPopularity(tables.floatsOfItems(SCORES, itemCount + 1, itemCount));
        }
    }

    /** Counts the last {@link #DEFAULT_SHARE} of {@code split}'s training events. */
    public RecentPopularity(Split split) {
        this(split, DEFAULT_SHARE);
    }

    /**
     * Counts the last {@code share} of {@code split}'s training events, at least one.
     *
     * @param share the share, above 0 and at most 1
     * @throws IllegalArgumentException if {@code share} is out of range
     */
    public RecentPopularity(Split split, double share) {
        this(count(split, new Options(share).share()));
    }

    private RecentPopularity(float[] scores) {
        super(scores.length - 1, 0);
        this.scores = scores;
    }

    private static float[] count(Split split, double share) {
        Dataset data = split.data();
        long from = windowStart(split, share);
        ItemOrder order = ItemOrder.of(split);
        ItemOrder.Evidence counts = order.new Evidence();
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = split.trainingLength(user) - 1; p >= 0; p--) {
                if (data.times()[data.start(user) + p] < from) {
                    break;
                }
                if (data.isTarget(user, p)) {
                    counts.add(data.item(user, p), 1);
                }
            }
        }
        float[] scores = new float[data.itemCount() + 1];
        counts.writeTo(scores, 0);
        return scores;
    }

    private static long windowStart(Split split, double share) {
        Dataset data = split.data();
        long[] times = new long[data.eventCount()];
        int filled = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int length = split.trainingLength(user);
            System.arraycopy(data.times(), data.start(user), times, filled, length);
            filled += length;
        }
        if (filled == 0) {
            return Long.MAX_VALUE;
        }
        Arrays.sort(times, 0, filled);
        int counted = Math.clamp((long) Math.ceil(share * filled), 1, filled);
        return times[filled - counted];
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
