package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.internal.retrieval.BatchedTopItems;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.model.InnerStep;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.Diversity;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.serve.Pool;
import io.github.ttt4rec.serve.store.History;
import io.github.ttt4rec.serve.store.ShownItem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int WORKSPACES = 2 * PROCESSORS;
    /**
     * The minimum number of items for which requests share passes over the catalogue; with fewer items sharing gains
     * nothing. See docs/performance.md.
     */
    static final int SHARED_FROM = 50_000;
    /**
     * The maximum number of requests in a shared pass: more requests make a pass longer but hardly cheaper per request.
     */
    private static final int REQUESTS_AT_ONCE = 8;

    private final LiveModel live;
    private final ModelInfo info;
    private final @Nullable EventRoles roles;
    private final Pool<ModelReader, RuntimeException> readers;
    private final SlotCatalogue catalogue;
    /** Adds live events to the model's tables; null if the model does not learn from events. */
    private final @Nullable LiveLearner learner;
    /** Null if the catalogue is too small to gain from shared passes. */
    private final @Nullable BatchedTopItems shared;
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
        return live.query(read(null, 0, history).vector(), history, new long[0], now());
    }

    /** Returns the current time in epoch microseconds. */
    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** Returns the query of a user's events at the current time. */
    Query query(UserVector user) {
        return live.query(user.vector(), user.items(), user.times(), now());
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

    /** Returns the attributes of the items, by this model's indices. */
    SlotCatalogue catalogue() {
        return catalogue;
    }

    /**
     * The items that a request allows, before the rules of its scenario.
     *
     * @param items their indices; must not be modified
     * @param emptiedBy the reason if no item is left; null if there are items, or if there were none before
     * @param faded the effect of the user's impressions on them; null if the scenario has no such rule
     * @param leftOut the items that were removed so far; empty if the request asks for no explanations
     */
    record Admitted(
            BitSet items,
            @Nullable String emptiedBy,
            @Nullable Faded faded,
            List<LeftOut> leftOut) {
        /** Returns these items without some others. */
        Admitted without(BitSet others) {
            BitSet left = (BitSet) items.clone();
            left.andNot(others);
            return new Admitted(left, emptiedBy, faded, leftOut);
        }

        /** Returns the intersection of these items and others. */
        Admitted among(BitSet others) {
            BitSet both = (BitSet) items.clone();
            both.and(others);
            return new Admitted(both, emptiedBy, faded, leftOut);
        }

        /** Returns these items with the effect of the user's impressions; {@code counting} counts those left out. */
        Admitted fading(Faded shown, boolean counting) {
            BitSet left = (BitSet) items.clone();
            left.andNot(shown.capped());
            String reason = left.isEmpty() && !items.isEmpty() ? Faded.IMPRESSIONS : emptiedBy;
            int removed = counting ? items.cardinality() - left.cardinality() : 0;
            if (removed == 0) {
                return new Admitted(left, reason, shown, leftOut);
            }
            List<LeftOut> more = new ArrayList<>(leftOut);
            more.add(new LeftOut(Faded.IMPRESSIONS, removed));
            return new Admitted(left, reason, shown, more);
        }
    }

    /**
     * Finds the items that a request allows; {@code seen} has the indices of the items in the history, 0 for unknown
     * ones.
     */
    Admitted admitted(ListRequest request, int... seen) {
        BitSet open = catalogue.open(allowed, now());
        BitSet named = request.filter().candidates(model().items(), open, seen);
        BitSet left = named;
        if (request.where() != null) {
            left = (BitSet) named.clone();
            left.and(catalogue.matching(request.where()));
        }
        return new Admitted(
                left,
                left.isEmpty() && !named.isEmpty() ? Recommended.FILTER : null,
                null,
                request.explain() ? leftOut(open, named, left) : List.of());
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
            Faded faded = Faded.of(shown.get(), scenario.impressions(), catalogue, now());
            return admitted.fading(faded.lowered(lowered), request.explain());
        }
        return lowered.isEmpty() ? admitted : admitted.fading(Faded.NONE.lowered(lowered), false);
    }

    /**
     * Returns the best of the allowed items for a query; popular items if the model knows no item of the history.
     *
     * @param events the number of events that the query reflects
     */
    Recommended recommend(Query query, ListRequest request, Admitted admitted, long events) {
        QueryRanker ranker = new QueryRanker(query);
        RuledList.Result list = ruled(ranker, request, admitted);
        boolean explained = request.explain() && ranker.basis() == Recommendations.Basis.PERSONAL;
        return recommended(
                list, ranker.basis(), admitted, events, explained ? explanations(query, list.items()) : Map.of());
    }

    /** Returns the best of the allowed items by a ranking other than the model's. */
    Recommended ranked(RuledList.Ranker ranker, ListRequest request, Admitted admitted, long events) {
        return recommended(
                ruled(ranker, request, admitted), Recommendations.Basis.POPULARITY, admitted, events, Map.of());
    }

    private Recommended recommended(
            RuledList.Result list,
            Recommendations.Basis basis,
            Admitted admitted,
            long events,
            Map<String, Explained> explanations) {
        return new Recommended(
                new Recommendations(list.items(), basis),
                info.version(),
                events,
                list.pinned(),
                admitted.emptiedBy == null ? list.emptiedBy() : admitted.emptiedBy,
                explanations,
                Stream.concat(admitted.leftOut.stream(), list.leftOut().stream())
                        .toList());
    }

    private Map<String, Explained> explanations(Query query, List<Recommendation> items) {
        int[] indices =
                items.stream().mapToInt(item -> catalogue.index(item.item())).toArray();
        List<Recommender.Explanation> terms = readers.with(reader -> reader.explain(query, indices));
        Map<String, Explained> explanations = new LinkedHashMap<>();
        for (int i = 0; i < terms.size(); i++) {
            Recommender.Explanation each = terms.get(i);
            List<Recommendation> events = each.causes().stream()
                    .map(cause -> new Recommendation(model().items().name(cause.item()), cause.logit()))
                    .toList();
            explanations.put(
                    items.get(i).item(),
                    new Explained(each.network(), each.popularity(), each.repeat(), each.memory(), events));
        }
        return explanations;
    }

    private RuledList.Result ruled(RuledList.Ranker plain, ListRequest request, Admitted admitted) {
        RuledList.Ranker ranker = admitted.faded == null ? plain : admitted.faded.over(plain, catalogue);
        boolean diverse = request.diversity() > 0;
        int k = diverse ? Diversity.candidates(request.k()) : request.k();
        RuledList.Result list =
                request.scenario() == null || request.scenario().rules().isEmpty()
                        ? new RuledList.Result(ranker.top(k, admitted.items), Set.of(), null, List.of())
                        : new RuledList(catalogue, ranker, request.scenario(), request.explain())
                                .of(k, request.k(), (BitSet) admitted.items.clone());
        return diverse ? diverse(list, request) : list;
    }

    /**
     * Selects a diverse list among the candidates; pinned items keep their places. Rules stay satisfied, because every
     * part of an allowed list is allowed.
     */
    private RuledList.Result diverse(RuledList.Result list, ListRequest request) {
        Recommender.Cosines cosines = model().recommender()
                .cosines()
                .orElseThrow(() -> new UserFacingException(
                        "diversity: a model of type " + info.type() + " has no item vectors to compare"));
        List<Recommendation> others = list.items().stream()
                .filter(item -> !list.pinned().contains(item.item()))
                .toList();
        int[] indices = new int[others.size()];
        float[] scores = new float[others.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = catalogue.index(others.get(i).item());
            scores[i] = others.get(i).score();
        }
        int[] chosen = Diversity.choose(
                cosines,
                indices,
                scores,
                Math.max(0, request.k() - list.pinned().size()),
                request.diversity());
        List<Recommendation> items = new ArrayList<>(request.k());
        for (int place : chosen) {
            items.add(others.get(place));
        }
        for (int i = 0; i < list.items().size(); i++) {
            Recommendation item = list.items().get(i);
            if (list.pinned().contains(item.item())) {
                items.add(Math.min(i, items.size()), item);
            }
        }
        return new RuledList.Result(items, list.pinned(), list.emptiedBy(), list.leftOut());
    }

    /** Ranks items for a query. */
    private final class QueryRanker implements RuledList.Ranker {
        private final Query query;
        private Recommendations.@Nullable Basis basis;

        QueryRanker(Query query) {
            this.query = query;
        }

        @Override
        public List<Recommendation> top(int k, BitSet items) {
            // A request that waits for a pass holds no workspace; otherwise the number of workspaces would limit the
            // requests in a pass.
            Recommendations best = shared == null || query.vector().length == 0
                    ? readers.with(reader -> reader.recommend(query, k, items))
                    : new Recommendations(
                            model().named(shared.top(new Request(query.vector(), k, items))),
                            Recommendations.Basis.PERSONAL);
            basis = best.basis();
            return best;
        }

        Recommendations.Basis basis() {
            if (basis == null) {
                top(0, new BitSet());
            }
            return Objects.requireNonNull(basis);
        }

        @Override
        public float boosted(float score, double factor) {
            boolean logits = basis() == Recommendations.Basis.PERSONAL
                    && !(model().recommender() instanceof MemoryBasedRecommender);
            return logits ? (float) (score + Math.log(factor)) : scaled(score, factor);
        }
    }

    /** Applies a factor to a score that is not a logarithm: factors above 1 raise it, factors below 1 lower it. */
    private static float scaled(float score, double factor) {
        return (float) (score >= 0 ? score * factor : score / factor);
    }

    /** Returns the items most similar to one. */
    List<Recommendation> similarItems(String item, ListRequest request) {
        return similar(item, request, admitted(request), 0).items();
    }

    /** Returns the allowed items that are most similar to one. */
    Recommended similar(String item, ListRequest request, Admitted admitted, long events) {
        BitSet others = (BitSet) admitted.items.clone();
        others.clear(catalogue.index(item));
        RuledList.Ranker ranker = new RuledList.Ranker() {
            @Override
            public List<Recommendation> top(int k, BitSet items) {
                return model().similarItems(item, k, items);
            }

            @Override
            public float boosted(float score, double factor) {
                return scaled(score, factor);
            }
        };
        return ranked(
                ranker, request, new Admitted(others, admitted.emptiedBy, admitted.faded, admitted.leftOut), events);
    }

    /** Ranks the items of a sorted list. */
    RuledList.Ranker sorted(Ranked order) {
        return new RuledList.Ranker() {
            @Override
            public List<Recommendation> top(int k, BitSet items) {
                List<Recommendation> best = new ArrayList<>();
                for (int i = 0; i < order.size() && best.size() < k; i++) {
                    if (items.get(order.items()[i])) {
                        best.add(new Recommendation(model().items().name(order.items()[i]), order.scores()[i]));
                    }
                }
                return best;
            }

            @Override
            public float boosted(float score, double factor) {
                return scaled(score, factor);
            }
        };
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
