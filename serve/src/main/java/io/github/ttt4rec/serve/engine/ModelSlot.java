package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.serve.Pool;
import io.github.ttt4rec.serve.store.History;
import io.github.ttt4rec.serve.store.ShownItem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model with its own data: the history policy, the items that it may currently recommend, and workspaces.
 * Thread-safe.
 */
final class ModelSlot {
    private static final int WORKSPACES = 2 * Runtime.getRuntime().availableProcessors();

    private final LiveModel live;
    private final ModelInfo info;
    private final @Nullable EventRoles roles;
    private final Pool<ModelReader, RuntimeException> readers;
    private final SlotCatalogue catalogue;
    /** Adds live events to the model's tables; null if the model does not learn from events. */
    private final @Nullable LiveLearner learner;

    private final ModelLists lists;
    /** Indices of the items that may be recommended at all. Replaced, never modified. */
    private volatile BitSet allowed;

    private volatile @Nullable ModelSlot frozen;

    /**
     * Creates a slot for a model.
     *
     * @param weightsId see {@link ModelStamp#weightsId}
     * @param info the description of the model, including its history policy
     * @param blocked items that must never be recommended
     * @param attributes the items' attributes
     * @param learner teaches the tables of {@code model}; null if they do not learn
     * @param roles the roles of events; null if all are read and predicted
     */
    ModelSlot(
            TrainedModel model,
            long weightsId,
            ModelInfo info,
            Set<String> blocked,
            Catalogue attributes,
            @Nullable LiveLearner learner,
            @Nullable EventRoles roles) {
        this.info = info;
        this.learner = learner;
        this.roles = roles;
        live = new LiveModel(model, weightsId, info.policy());
        readers = new Pool<>(WORKSPACES, model::newReader, reader -> {});
        catalogue = new SlotCatalogue(attributes, model.items());
        lists = new ModelLists(model, info, readers, catalogue);
        allowed = new BitSet();
        block(blocked);
    }

    TrainedModel model() {
        return live.model();
    }

    LiveModel live() {
        return live;
    }

    ModelInfo info() {
        return info;
    }

    /** Adds live events to the model's tables; null if the model does not learn from events. */
    @Nullable LiveLearner learner() {
        return learner;
    }

    /** The roles of events; null if all are read and predicted. */
    @Nullable EventRoles roles() {
        return roles;
    }

    /** The events of a user as this model reads them. */
    ReadEvents events(History history) {
        ReadEvents events = new ReadEvents(live, roles, history.items().size());
        for (int i = 0; i < history.items().size(); i++) {
            events.add(
                    history.items().get(i), history.times()[i], history.types().get(i));
        }
        return events;
    }

    /** Replaces the set of items that must never be recommended. */
    void block(Set<String> items) {
        BitSet others = live.catalogue();
        for (int index : live.indices(items)) {
            others.clear(index);
        }
        allowed = others;
    }

    /** Brings a user's state up to date; see {@link LiveState#read}. */
    LiveState read(@Nullable LiveState before, long first, int[] items) {
        return readers.with(reader -> LiveState.read(live, reader, before, first, items));
    }

    /** Returns the query of a history of item indices without times. */
    Query read(int[] history) {
        return live.query(read(null, 0, history).vector(), history, new long[0], EventTime.nowMicros());
    }

    /** Returns the query of a user's events at the current time. */
    Query query(UserVector user) {
        return live.query(user.vector(), user.items(), user.times(), EventTime.nowMicros());
    }

    /**
     * Returns the effect of each event of a history on the fast weights, by position in the history; empty for events
     * that the model does not read, for unknown items, and for models without fast weights.
     */
    List<Optional<InnerStep>> steps(int[] history, int from) {
        List<Optional<InnerStep>> steps = new ArrayList<>();
        readers.with(reader -> {
            SequenceState state = info.adaptive() ? reader.newState().orElse(null) : null;
            for (int i = 0; i < history.length; i++) {
                if (state == null || i < from || history[i] == 0) {
                    steps.add(Optional.empty());
                } else {
                    reader.append(state, history[i]);
                    steps.add(state.lastStep());
                }
            }
            return reader;
        });
        return steps;
    }

    /** Makes this model's lists. */
    ModelLists lists() {
        return lists;
    }

    /** Returns the attributes of the items, by this model's indices. */
    SlotCatalogue catalogue() {
        return catalogue;
    }

    /** Returns whether lists may contain an item now, whatever a request allows. */
    boolean isOpen(int item) {
        return catalogue.open(allowed, EventTime.nowMicros()).get(item);
    }

    /**
     * Finds the items that a request allows; {@code seen} has the indices of the items in the history, 0 for unknown
     * ones.
     */
    Admitted admitted(ListRequest request, int... seen) {
        BitSet open = catalogue.open(allowed, EventTime.nowMicros());
        BitSet named = request.filter().candidates(model().items(), open, seen);
        BitSet left = named;
        if (request.where() != null) {
            left = (BitSet) named.clone();
            left.and(catalogue.matching(request.where()));
        }
        return new Admitted(
                left,
                left.isEmpty() ? emptiedBy(open, named) : null,
                null,
                request.explain() ? leftOut(open, named, left) : List.of());
    }

    /** Returns the first restriction that left no item, for a request whose filter leaves none. */
    private static String emptiedBy(BitSet open, BitSet named) {
        if (open.isEmpty()) {
            return LeftOut.AVAILABILITY;
        }
        return named.isEmpty() ? LeftOut.REQUEST : Recommended.FILTER;
    }

    private List<LeftOut> leftOut(BitSet open, BitSet named, BitSet left) {
        int available = open.cardinality();
        return Stream.of(
                        new LeftOut(LeftOut.AVAILABILITY, live.catalogue().cardinality() - available),
                        new LeftOut(LeftOut.REQUEST, available - named.cardinality()),
                        new LeftOut(Recommended.FILTER, named.cardinality() - left.cardinality()))
                .filter(each -> each.items() > 0)
                .toList();
    }

    /**
     * Counts what the user was shown, if the request's scenario wants it, and negative events.
     *
     * @param shown reads what the user was shown
     * @param lowered see {@link ReadEvents#lowered}
     */
    Admitted fading(
            Admitted admitted, ListRequest request, Supplier<List<ShownItem>> shown, Map<Integer, Double> lowered) {
        Scenario scenario = request.scenario();
        if (scenario != null && scenario.impressions() != null) {
            Faded faded = Faded.of(shown.get(), scenario.impressions(), catalogue, EventTime.nowMicros());
            return admitted.fading(faded.lowered(lowered), request.explain());
        }
        return lowered.isEmpty() ? admitted : admitted.fading(Faded.NONE.lowered(lowered), false);
    }

    /** Returns this model with frozen fast weights; throws {@link UserFacingException} if it has none. */
    ModelSlot frozen() {
        ModelSlot made = frozen;
        if (made == null) {
            // Two threads may both create one; either is valid.
            TrainedModel still = model().frozen();
            made = new ModelSlot(
                    still,
                    live.weightsId(),
                    ModelInfo.of(still, live.policy(), info.loadedAt(), info.addedItems(), info.leftOut()),
                    Set.of(),
                    catalogue.catalogue(),
                    learner,
                    roles);
            frozen = made;
        }
        // The frozen model has no set of blocked items that would need updates.
        made.allowed = allowed;
        return made;
    }

    /**
     * Tries the model before users do, because its first lists take longer. Throws {@link UserFacingException} if its
     * scores are not finite.
     */
    void warm() {
        readers.with(reader -> {
            live.warm(reader);
            return reader;
        });
    }
}
