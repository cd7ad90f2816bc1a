package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.flink.state.UserHistory;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.live.SavedState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendations;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model that one operator instance uses, with its workspace. Not thread-safe. Instances in one JVM share the
 * weights.
 */
public final class ActiveModel {
    private static final Map<String, WeakReference<TrainedModel>> SHARED = new HashMap<>();

    private final LiveModel live;
    private final ModelReader reader;
    private final BitSet catalogue;
    private final long keep;
    /** The rules that number the kinds of events; null if the model does not read kinds. */
    private final @Nullable EventRoles kinds;

    /**
     * Loads the model that was broadcast.
     *
     * @throws UserFacingException if it cannot be used under these settings
     */
    public ActiveModel(ModelPackage model, JobSettings settings) {
        TrainedModel trained = shared(model);
        live = new LiveModel(trained, model.weightsId(), LiveModel.policy(trained, settings.policy()));
        kinds = kinds(trained, settings.types());
        reader = trained.newReader();
        catalogue = live.catalogue();
        keep = keep(live, settings.keepEvents());
    }

    private static @Nullable EventRoles kinds(TrainedModel trained, @Nullable String types) {
        if (!trained.readsKinds()) {
            return null;
        }
        String own = trained.config().read().types();
        if (!Objects.equals(own, types)) {
            throw new UserFacingException(
                    "the model has an input for the types of events (model.type_feature), numbered by --types \"" + own
                            + "\": give stream the same rules" + (types == null ? "" : ", not \"" + types + "\""));
        }
        return own == null ? null : EventRoles.parse(own);
    }

    private static TrainedModel shared(ModelPackage model) {
        synchronized (SHARED) {
            SHARED.values().removeIf(reference -> reference.get() == null);
            WeakReference<TrainedModel> reference = SHARED.get(model.version());
            TrainedModel known = reference == null ? null : reference.get();
            if (known == null) {
                known = model.load();
                SHARED.put(model.version(), new WeakReference<>(known));
            }
            return known;
        }
    }

    private static long keep(LiveModel live, @Nullable Integer wanted) {
        if (wanted == null) {
            return live.eventsToKeep();
        }
        if (wanted == 0) {
            return Long.MAX_VALUE;
        }
        live.requireKept(wanted);
        return wanted;
    }

    /** The fast weights after a history, and the history with this model's query vector. */
    record Read(LiveState state, UserHistory history) {}

    LiveModel live() {
        return live;
    }

    /** The number of recent events kept for each user. */
    long keep() {
        return keep;
    }

    boolean is(ModelPackage model) {
        return live.model().version().equals(model.version());
    }

    boolean knows(String item) {
        return live.index(item) != 0;
    }

    /** Tries the model before users do; throws {@link UserFacingException} if its weights are not finite. */
    public void warm() {
        live.warm(reader);
    }

    /** Restores saved fast weights; null if there are none, or if another model made them. */
    @Nullable LiveState restore(@Nullable SavedState saved) {
        return saved == null ? null : LiveState.restore(live, reader, saved);
    }

    /** Brings a user's state up to date with a history. Continues {@code before} if the model can; otherwise replays. */
    Read read(UserHistory history, @Nullable LiveState before) {
        int[] items = tokens(history, live.indices(history.items()));
        LiveState state = LiveState.read(live, reader, before, history.first(), items);
        boolean allKnown = Arrays.stream(items).allMatch(item -> item != 0);
        return new Read(state, history.read(live.stamp(allKnown), state.vector()));
    }

    /** The events as the model reads them: with their kinds, if it does. Events that fit no rule are like unknown items, as in the server. */
    private int[] tokens(UserHistory history, int[] items) {
        if (kinds == null) {
            return items;
        }
        int[] tokens = new int[items.length];
        for (int place = 0; place < tokens.length; place++) {
            EventRoles.Rule rule =
                    kinds.of(history.types().name(place), history.types().value(place));
            if (items[place] != 0 && rule != null && rule.role().isRead()) {
                tokens[place] = EventTokens.of(items[place], rule.kind());
            }
        }
        return tokens;
    }

    /** Returns the k best items after a history that this model has read. */
    Recommendations recommend(UserHistory history, int k, ItemFilter filter) {
        int[] items = live.indices(history.items());
        long[] times = live.readsTimes() ? history.knownTimes() : new long[0];
        Query query = live.query(history.hidden(), tokens(history, items), times, EventTime.nowMicros());
        // Items that the model does not know have index 0, which is never a candidate.
        return live.recommend(reader, query, k, filter.candidates(live.model().items(), catalogue, items));
    }
}
