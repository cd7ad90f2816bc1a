package io.github.ttt4rec.live;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.internal.EventRanks;
import io.github.ttt4rec.random.SplitMix;
import io.github.ttt4rec.recommend.Query;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ranks events prequentially: each event's item is ranked as the served model would have ranked it from the earlier
 * events alone. Not thread-safe.
 */
public final class EventRanker {
    private static final double SCALE = 0x1p-53;

    private final LiveModel model;
    private final ModelReader reader;
    private final @Nullable LiveModel frozen;
    private final @Nullable ModelReader frozenReader;
    private final float[] popularity;

    public EventRanker(LiveModel model) {
        this.model = model;
        reader = model.model().newReader();
        TrainedModel still = model.model().isAdaptive() ? model.model().frozen() : null;
        frozen = still == null ? null : new LiveModel(still, model.weightsId(), model.policy());
        frozenReader = still == null ? null : still.newReader();
        long[] counts = model.model().popularity();
        popularity = new float[model.model().items().size() + 1];
        for (int item = 1; item < counts.length; item++) {
            popularity[item] = counts[item];
        }
    }

    /**
     * Returns whether an event belongs to a sample, which is the same for every caller.
     *
     * @param rate the fraction of all events in the sample
     */
    public static boolean isSampled(String user, long position, double rate) {
        long seed = user.hashCode() * 0x9E3779B97F4A7C15L + position * 0xC2B2AE3D27D4EB4FL;
        return (SplitMix.mix(seed) >>> 11) * SCALE < rate;
    }

    /**
     * Ranks one event as a request at the time of the event would have.
     *
     * @param first the position of the user's first kept event
     * @param items the item indices of the events before it, or their tokens if {@link LiveModel#readsKinds}, oldest first,
     *     0 for unknown items
     * @param times their times in epoch microseconds, parallel to {@code items}; empty if not known
     * @param target the event's item; 0 if the model does not know it
     * @param now the event's time in epoch microseconds
     */
    public EventRanks rank(long first, int[] items, long[] times, int target, long now) {
        int known = (int) Arrays.stream(items).filter(item -> item != 0).count();
        if (target == 0) {
            return new EventRanks(EventRanks.MISS, frozen == null ? 0 : EventRanks.MISS, EventRanks.MISS, known, true);
        }
        int popular = rank(popularity, target);
        Query query = query(model, reader, first, items, times, now);
        int served = reader.isPersonal(query) ? rank(reader.score(query), target) : popular;
        int still = 0;
        if (frozen != null && frozenReader != null) {
            Query without = query(frozen, frozenReader, first, items, times, now);
            still = frozenReader.isPersonal(without) ? rank(frozenReader.score(without), target) : popular;
        }
        return new EventRanks(served, still, popular, known, !model.model().isTrained(target));
    }

    private static Query query(LiveModel model, ModelReader reader, long first, int[] items, long[] times, long now) {
        float[] vector = LiveState.read(model, reader, null, first, items).vector();
        return model.query(vector, items, times, now);
    }

    private static int rank(float[] scores, int target) {
        int rank = 0;
        for (int item = 1; item < scores.length; item++) {
            rank += scores[item] < scores[target] ? 0 : 1;
        }
        return rank;
    }
}
