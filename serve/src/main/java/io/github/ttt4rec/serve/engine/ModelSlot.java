package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.retrieval.BatchedTopItems;
import io.github.ttt4rec.retrieval.Request;
import io.github.ttt4rec.serve.Pool;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model in use, with what belongs to it alone: how it reads histories, which items it may recommend now, and the workspaces
 * to do so. For any number of threads.
 */
final class ModelSlot {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int WORKSPACES = 2 * PROCESSORS;
    /** From this many items on, requests share passes over the catalogue; below, that gains nothing. See docs/performance.md. */
    static final int SHARED_FROM = 50_000;
    /** Requests of a shared pass at most: more make a pass longer, and hardly cheaper for each. */
    private static final int REQUESTS_AT_ONCE = 8;

    private final LiveModel live;
    private final ModelInfo info;
    private final Pool<ModelReader, RuntimeException> readers;
    private final SlotCatalogue catalogue;
    /** Null for a catalogue that is too small to gain from it. */
    private final @Nullable BatchedTopItems shared;
    /** Indices of the items that may be recommended at all. Never written to, only replaced. */
    private volatile BitSet allowed;

    private volatile @Nullable ModelSlot frozen;

    /**
     * A slot for a model.
     *
     * @param weightsId see {@link ModelStamp#weightsId}
     * @param policy which part of a long history it reads
     * @param blocked items never to be recommended
     * @param added items that it has beyond those it was trained with
     * @param leftOut items that could not be added
     * @param attributes what is known of items
     */
    ModelSlot(
            TrainedModel model,
            long weightsId,
            HistoryPolicy policy,
            Instant loadedAt,
            Set<String> blocked,
            List<String> added,
            List<String> leftOut,
            Catalogue attributes) {
        live = new LiveModel(model, weightsId, policy);
        info = new ModelInfo(
                model.version(),
                model.config().model().type(),
                model.items().size(),
                loadedAt,
                policy,
                model.isAdaptive(),
                added,
                leftOut);
        readers = new Pool<>(WORKSPACES, model::newReader, reader -> {});
        shared = model.items().size() < SHARED_FROM || !(model.recommender() instanceof SequenceRecommender network)
                ? null
                : new BatchedTopItems(network.retriever(), PROCESSORS, REQUESTS_AT_ONCE);
        catalogue = new SlotCatalogue(attributes, model.items());
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

    /** Replaces the items never to be recommended. */
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

    /** The query of a history of indices whose times are not known. */
    Query read(int[] history) {
        return live.query(read(null, 0, history).vector(), history, new long[0], now());
    }

    /** The present time in epoch microseconds. */
    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** The query of a user's events at this moment. */
    Query query(UserVector user) {
        return live.query(user.vector(), user.items(), user.times(), now());
    }

    /**
     * The effect of each event of a history on the fast weights, by place in the history; empty for events that the model does
     * not read, for unknown items, and for a model without fast weights.
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

    /** The attributes of the items, by this model's indices. */
    SlotCatalogue catalogue() {
        return catalogue;
    }

    /**
     * The indices of the items that may be in a list; not to be changed.
     *
     * @param seen indices of the items in the history, 0 for unknown ones
     */
    private BitSet candidates(ListRequest request, int... seen) {
        BitSet left = catalogue.open(allowed, now());
        if (request.where() != null) {
            left = (BitSet) left.clone();
            left.and(catalogue.matching(request.where()));
        }
        return request.filter().candidates(model().items(), left, seen);
    }

    /** The best items for a query: popular ones if nothing is known of the user. */
    Recommendations recommend(Query query, ListRequest request, int[] seen) {
        BitSet candidates = candidates(request, seen);
        // Waiting for a pass takes no workspace: otherwise requests that share one would be as few as there are
        // workspaces.
        return shared == null || query.vector().length == 0
                ? readers.with(reader -> reader.recommend(query, request.k(), candidates))
                : new Recommendations(
                        model().named(shared.top(new Request(query.vector(), request.k(), candidates))),
                        Recommendations.Basis.PERSONAL);
    }

    /** The items most like one. */
    List<Recommendation> similarItems(String item, ListRequest request) {
        return model().similarItems(item, request.k(), candidates(request));
    }

    /** This model with fast weights that do not learn; throws {@link UserFacingException} if it has none. */
    ModelSlot frozen() {
        ModelSlot made = frozen;
        if (made == null) {
            // Two threads may both make one; either will do.
            made = new ModelSlot(
                    model().frozen(),
                    live.weightsId(),
                    live.policy(),
                    info.loadedAt(),
                    Set.of(),
                    info.addedItems(),
                    info.leftOut(),
                    catalogue.catalogue());
            frozen = made;
        }
        // It has no list of its own that would have to be kept up to date.
        made.allowed = allowed;
        return made;
    }

    /**
     * Uses it once before users do: the first lists cost more. Throws {@link UserFacingException} if what it computes are
     * no numbers.
     */
    void warm() {
        readers.with(reader -> {
            live.warm(reader);
            return reader;
        });
    }
}
