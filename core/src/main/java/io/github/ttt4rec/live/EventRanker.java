package io.github.ttt4rec.live;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.ttt.TttModel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ranks events prequentially: each from what came before it alone, as the served model would have ranked it. For one thread.
 */
public final class EventRanker {
    private static final double SCALE = 0x1p-53;

    private final LiveModel model;
    private final ModelReader reader;
    private final @Nullable LiveModel frozen;
    private final @Nullable ModelReader frozenReader;
    private final float[] popularity;

    /** Ranks as {@code model} does. */
    public EventRanker(LiveModel model) {
        this.model = model;
        reader = model.model().newReader();
        boolean adaptive = model.model().network() instanceof TttModel ttt && ttt.config().baseLr() > 0;
        TrainedModel still = adaptive ? model.model().frozen() : null;
        frozen = still == null ? null : new LiveModel(still, model.lineage(), model.policy());
        frozenReader = still == null ? null : still.newReader();
        long[] counts = model.model().popularity();
        popularity = new float[model.model().items().size() + 1];
        for (int item = 1; item < counts.length; item++) {
            popularity[item] = counts[item];
        }
    }

    /**
     * Returns whether an event belongs to a sample: the same events whoever asks.
     *
     * @param rate the share of all events in the sample
     */
    public static boolean isSampled(String user, long position, double rate) {
        long mixed = user.hashCode() * 0x9E3779B97F4A7C15L + position * 0xC2B2AE3D27D4EB4FL;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return ((mixed ^ mixed >>> 31) >>> 11) * SCALE < rate;
    }

    /**
     * Ranks one event.
     *
     * @param first the position of the first event kept of the user
     * @param history the indices of the events before it, oldest first, 0 for those that the model does not know
     * @param target the event's item, which the model knows
     */
    public EventRanks rank(long first, int[] history, int target) {
        int known = (int) Arrays.stream(history).filter(item -> item != 0).count();
        int popular = rank(popularity, target);
        float[] hidden = LiveState.read(model, reader, null, first, history).hidden();
        int served = hidden.length == 0 ? popular : rank(reader.score(hidden), target);
        int still = 0;
        if (frozen != null && frozenReader != null) {
            float[] vector =
                    LiveState.read(frozen, frozenReader, null, first, history).hidden();
            still = vector.length == 0 ? popular : rank(frozenReader.score(vector), target);
        }
        return new EventRanks(served, still, popular, known);
    }

    private static int rank(float[] scores, int target) {
        int rank = 0;
        for (int item = 1; item < scores.length; item++) {
            rank += scores[item] < scores[target] ? 0 : 1;
        }
        return rank;
    }
}
