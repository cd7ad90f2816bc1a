package io.github.ttt4rec.live;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommender;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model under a history policy, for live users. Immutable and thread-safe. */
public final class LiveModel {
    private static final int WARM_EVENTS = 100;

    private final TrainedModel model;
    private final Recommender recommender;
    private final long weightsId;
    private final BitSet all;

    /**
     * A model that reads histories under {@code policy}.
     *
     * @param weightsId see {@link ModelStamp#weightsId}
     * @throws UserFacingException if the model cannot follow the policy
     */
    public LiveModel(TrainedModel model, long weightsId, HistoryPolicy policy) {
        this.model = model;
        this.weightsId = weightsId;
        recommender = model.recommender(policy);
        all = new BitSet(model.items().size() + 1);
        all.set(1, model.items().size() + 1);
    }

    /**
     * The policy to use: {@code wanted}; if that is null, {@code HOP}, or {@code WINDOW} for a model that does not
     * support {@code HOP}.
     *
     * @throws UserFacingException if the model cannot follow {@code wanted}
     */
    public static HistoryPolicy policy(TrainedModel model, @Nullable HistoryPolicy wanted) {
        if (wanted != null) {
            return model.recommender(wanted).policy();
        }
        return model.recommender().supports(HistoryPolicy.HOP) ? HistoryPolicy.HOP : HistoryPolicy.WINDOW;
    }

    public TrainedModel model() {
        return model;
    }

    /** See {@link ModelStamp#weightsId}. */
    public long weightsId() {
        return weightsId;
    }

    /** The part of a long history that the model reads. */
    public HistoryPolicy policy() {
        return recommender.policy();
    }

    /**
     * The number of last events per user that must be kept to recommend and to rebuild a state; {@link Long#MAX_VALUE}
     * for all events.
     */
    public long eventsNeeded() {
        return recommender.longestHistory();
    }

    /**
     * The default number of last events per user to keep: those that are {@linkplain #eventsNeeded() needed}, and at
     * least max_len, because a model that reads fewer events may be replaced by one that reads max_len.
     */
    public long eventsToKeep() {
        return Math.max(eventsNeeded(), model.maxLen());
    }

    /**
     * Checks that enough events are kept to rebuild a state.
     *
     * @param kept the number of last events that are kept per user
     */
    public void requireKept(long kept) {
        long needed = eventsNeeded();
        if (kept < needed) {
            String policy = "history policy " + policy().name().toLowerCase(Locale.ROOT);
            throw new UserFacingException(
                    needed == Long.MAX_VALUE
                            ? policy + " reads all events of a user: keep them all (0), not the last " + kept
                            : policy + " reads up to " + needed + " events of a user: keep at least that many, not "
                                    + kept);
        }
    }

    /**
     * Returns whether recommendations depend on the times of events or of the request, so that event times must be
     * kept.
     */
    public boolean readsTimes() {
        return recommender.readsTimes();
    }

    /**
     * Returns whether the model reads the kinds of events. Events are then {@link EventTokens} with the kinds that
     * {@link TrainedModel#roles} gives them.
     */
    public boolean readsKinds() {
        return recommender.readsKinds();
    }

    /** The stamp of states and query vectors made with this model. */
    public ModelStamp stamp(boolean allKnown) {
        return new ModelStamp(weightsId, model.items().size(), allKnown);
    }

    /**
     * Returns whether this model would have made the same state as the model of {@code stamp}, so that the state stays
     * valid.
     */
    public boolean accepts(ModelStamp stamp) {
        return stamp.weightsId() == weightsId
                && (stamp.items() == model.items().size()
                        || (stamp.allKnown() && stamp.items() < model.items().size()));
    }

    /** The position from which the model reads a history of n events. */
    public long start(long n) {
        return recommender.start(n);
    }

    /** The index of an item; 0 if the model does not know it. */
    public int index(String item) {
        Integer index = model.items().indexOf(item);
        return index == null ? 0 : index;
    }

    /** The indices of items; 0 for unknown ones. */
    public int[] indices(Collection<String> items) {
        return items.stream().mapToInt(this::index).toArray();
    }

    /** The known items among entries {@code from .. to − 1}. */
    static int[] known(int[] items, int from, int to) {
        return Arrays.stream(items, from, to).filter(item -> item != 0).toArray();
    }

    /** The indices of all items, in a new set that the caller may change. */
    public BitSet catalogue() {
        return (BitSet) all.clone();
    }

    /**
     * The query of a live user.
     *
     * @param vector see {@link LiveState#vector}
     * @param items the item indices of the kept events, or their tokens if {@link #readsKinds}, oldest first; 0 for
     *     unknown items
     * @param times their times in epoch microseconds, parallel to {@code items}; empty if not known
     * @param now the time of the request in epoch microseconds
     */
    public Query query(float[] vector, int[] items, long[] times, long now) {
        return queryOfItems(vector, readsKinds() ? EventTokens.items(items) : items, times, now);
    }

    private static Query queryOfItems(float[] vector, int[] items, long[] times, long now) {
        int known = 0;
        for (int item : items) {
            known += item == 0 ? 0 : 1;
        }
        if (known == items.length) {
            return new Query(vector, new History(items, times, 0, items.length, now));
        }
        int[] knownItems = new int[known];
        long[] knownTimes = new long[times.length == 0 ? 0 : known];
        int filled = 0;
        for (int i = 0; i < items.length; i++) {
            if (items[i] != 0) {
                knownItems[filled] = items[i];
                if (knownTimes.length > 0) {
                    knownTimes[filled] = times[i];
                }
                filled++;
            }
        }
        return new Query(vector, new History(knownItems, knownTimes, 0, known, now));
    }

    /** The k best items for a query, or popular ones if nothing is known about the user. */
    public Recommendations recommend(ModelReader reader, Query query, int k, BitSet candidates) {
        return reader.recommend(query, k, candidates);
    }

    /**
     * Uses the model once before it serves users, because the first requests are slower.
     *
     * @throws UserFacingException if it computes scores that are not finite
     */
    public void warm(ModelReader reader) {
        int count = (int) Math.min(Math.min(model.items().size(), WARM_EVENTS), eventsNeeded());
        int[] items = IntStream.rangeClosed(1, count).toArray();
        float[] vector = LiveState.read(this, reader, null, 0, items).vector();
        Query query = query(vector, items, new long[0], 0);
        recommend(reader, query, 10, all);
        float[] scores = reader.score(query);
        for (int item = 1; item < scores.length; item++) {
            if (!Float.isFinite(scores[item])) {
                throw new UserFacingException("the model " + model.version() + " scores item \""
                        + model.items().name(item) + "\" with " + scores[item] + ": its weights are not fit for use");
            }
        }
    }
}
