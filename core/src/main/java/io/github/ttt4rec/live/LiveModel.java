package io.github.ttt4rec.live;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model with the way it reads histories. Immutable; any number of threads may use it. */
public final class LiveModel {
    private final TrainedModel model;
    private final long lineage;
    private final HistoryPolicy policy;
    private final int maxLen;
    private final BitSet all;

    /**
     * A model that reads as {@code policy} says.
     *
     * @param lineage see {@link ModelStamp#lineage}
     */
    public LiveModel(TrainedModel model, long lineage, HistoryPolicy policy) {
        this.model = model;
        this.lineage = lineage;
        this.policy = policy;
        maxLen = model.config().train().maxLen();
        all = new BitSet(model.items().size() + 1);
        all.set(1, model.items().size() + 1);
    }

    /**
     * The policy to use: the one wanted, or where that is null {@code HOP}, or {@code WINDOW} for a model that cannot read
     * that many items.
     *
     * @throws UserFacingException if the model cannot follow the one wanted
     */
    public static HistoryPolicy policy(TrainedModel model, @Nullable HistoryPolicy wanted) {
        if (wanted != null) {
            model.recommender(wanted);
            return wanted;
        }
        try {
            model.recommender(HistoryPolicy.HOP);
            return HistoryPolicy.HOP;
        } catch (UserFacingException cannotReadSoMuch) {
            return HistoryPolicy.WINDOW;
        }
    }

    /** The model itself. */
    public TrainedModel model() {
        return model;
    }

    /** See {@link ModelStamp#lineage}. */
    public long lineage() {
        return lineage;
    }

    /** Which part of a long history it reads. */
    public HistoryPolicy policy() {
        return policy;
    }

    /**
     * Of each user's events the last so many must be kept, or fast weights could not be built again; {@link Long#MAX_VALUE}
     * where that is all of them.
     */
    public long eventsNeeded() {
        return switch (policy) {
            case WINDOW, RESET -> maxLen;
            case HOP -> 2L * maxLen - 1;
            case UNBOUNDED -> Long.MAX_VALUE;
        };
    }

    /**
     * Throws {@link UserFacingException} if so few of a user's events are kept that what was dropped from memory could not be
     * built again.
     *
     * @param kept the last so many of each user's events
     */
    public void requireKept(long kept) {
        long needed = eventsNeeded();
        if (kept < needed) {
            throw new UserFacingException("history policy " + policy.name().toLowerCase(Locale.ROOT)
                    + (policy == HistoryPolicy.UNBOUNDED
                            ? " reads all events of a user: keep them all (0), not the last " + kept
                            : " reads up to " + needed + " events of a user: keep at least that many, not " + kept));
        }
    }

    /** What marks things made with this model. */
    public ModelStamp stamp(boolean allKnown) {
        return new ModelStamp(lineage, model.items().size(), allKnown);
    }

    /** Returns whether something made with another model is what this one would have made. */
    public boolean accepts(ModelStamp stamp) {
        return stamp.lineage() == lineage
                && (stamp.items() == model.items().size()
                        || (stamp.allKnown() && stamp.items() < model.items().size()));
    }

    /** The position from which the model reads a history of n events. */
    public long start(long n) {
        if (model.network().objective() instanceof Objective.MaskedItem) {
            // One place of the window is the mask's.
            return Math.max(0, n - (maxLen - 1));
        }
        return policy.start(Math.toIntExact(n), maxLen);
    }

    /** The index of an item, 0 if the model does not know it. */
    public int index(String item) {
        Integer index = model.items().indexOf(item);
        return index == null ? 0 : index;
    }

    /** The indices of items, 0 if the model does not know one. */
    public int[] indices(Collection<String> items) {
        return items.stream().mapToInt(this::index).toArray();
    }

    /** Those of {@code from .. to − 1} that the model knows. */
    static int[] known(int[] items, int from, int to) {
        return Arrays.stream(items, from, to).filter(item -> item != 0).toArray();
    }

    /** The indices of the whole catalogue; a new set, which the caller may change. */
    public BitSet catalogue() {
        return (BitSet) all.clone();
    }

    /**
     * The k best items after what was read: popular ones where that is nothing.
     *
     * @param reader one of the model's
     * @param hidden what {@link LiveState#hidden} says
     * @param candidates indices of the items that may be recommended
     */
    public List<Recommendation> recommend(ModelReader reader, float[] hidden, int k, BitSet candidates) {
        return hidden.length == 0 ? model.mostPopular(k, candidates) : reader.recommend(hidden, k, candidates);
    }

    /**
     * Uses it once before users do: the first lists cost more.
     *
     * @throws UserFacingException if what it computes are no numbers
     */
    public void warm(ModelReader reader) {
        int items = Math.min(model.items().size(), 2 * maxLen);
        float[] hidden = LiveState.read(
                        this, reader, null, 0, IntStream.rangeClosed(1, items).toArray())
                .hidden();
        recommend(reader, hidden, 10, all);
        float[] scores = reader.score(hidden);
        for (int item = 1; item < scores.length; item++) {
            if (!Float.isFinite(scores[item])) {
                throw new UserFacingException("the model " + model.version() + " scores item \""
                        + model.items().name(item) + "\" with " + scores[item] + ": its weights are not fit for use");
            }
        }
    }
}
