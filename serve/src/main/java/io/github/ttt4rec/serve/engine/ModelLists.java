package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.internal.retrieval.BatchedTopItems;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.recommend.Diversity;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.serve.Pool;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the lists of a loaded model: ranks the admitted items, applies the rules of the shop, and explains. Thread-safe. */
final class ModelLists {
    /**
     * The minimum number of items for which requests share passes over the catalogue; with fewer items sharing gains
     * nothing. See docs/performance.md.
     */
    static final int SHARED_FROM = 50_000;
    /**
     * The maximum number of requests in a shared pass: more requests make a pass longer but hardly cheaper per request.
     */
    private static final int REQUESTS_AT_ONCE = 8;

    private final TrainedModel model;
    private final ModelInfo info;
    private final Pool<ModelReader, RuntimeException> readers;
    private final SlotCatalogue catalogue;
    /** Null if the catalogue is too small to gain from shared passes. */
    private final @Nullable BatchedTopItems shared;

    ModelLists(
            TrainedModel model, ModelInfo info, Pool<ModelReader, RuntimeException> readers, SlotCatalogue catalogue) {
        this.model = model;
        this.info = info;
        this.readers = readers;
        this.catalogue = catalogue;
        shared = model.items().size() < SHARED_FROM || !(model.recommender() instanceof SequenceRecommender network)
                ? null
                : new BatchedTopItems(
                        network.retriever(), Runtime.getRuntime().availableProcessors(), REQUESTS_AT_ONCE);
    }

    /** Returns the best of the allowed items for a query. */
    Recommended recommend(Query query, ListRequest request, Admitted admitted, long events) {
        QueryRanker ranker = new QueryRanker(query);
        RuledList.Result list = ruled(ranker, request, admitted);
        boolean explained = request.explain() && ranker.basis() == Recommendations.Basis.PERSONAL;
        return recommended(
                list, ranker.basis(), admitted, events, explained ? explanations(query, list.items()) : Map.of());
    }

    /** Returns the allowed items that are most similar to one. */
    Recommended similar(String item, ListRequest request, Admitted admitted, long events) {
        BitSet itself = new BitSet();
        itself.set(catalogue.index(item));
        return ranked(
                (k, items) -> model.similarItems(item, k, items),
                Recommendations.Basis.POPULARITY,
                request,
                admitted.without(itself),
                events);
    }

    /** Returns the first of the allowed items in a given order. */
    Recommended sorted(Ranked order, ListRequest request, Admitted admitted, long events) {
        return ranked(
                (k, items) -> first(order, k, items), Recommendations.Basis.POPULARITY, request, admitted, events);
    }

    private List<Recommendation> first(Ranked order, int k, BitSet items) {
        List<Recommendation> best = new ArrayList<>();
        for (int i = 0; i < order.size() && best.size() < k; i++) {
            if (items.get(order.items()[i])) {
                best.add(new Recommendation(model.items().name(order.items()[i]), order.scores()[i]));
            }
        }
        return best;
    }

    /** Returns the best of the allowed items by a ranker that depends on no query. */
    Recommended ranked(
            RuledList.Ranker ranker, Recommendations.Basis basis, ListRequest request, Admitted admitted, long events) {
        return recommended(ruled(ranker, request, admitted), basis, admitted, events, Map.of());
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
                admitted.emptiedBy() == null ? list.emptiedBy() : admitted.emptiedBy(),
                explanations,
                Stream.concat(admitted.leftOut().stream(), list.leftOut().stream())
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
                    .map(cause -> new Recommendation(model.items().name(cause.item()), cause.logit()))
                    .toList();
            explanations.put(
                    items.get(i).item(),
                    new Explained(each.network(), each.popularity(), each.repeat(), each.memory(), events));
        }
        return explanations;
    }

    private RuledList.Result ruled(RuledList.Ranker plain, ListRequest request, Admitted admitted) {
        RuledList.Ranker ranker =
                admitted.faded() == null ? plain : admitted.faded().over(plain, catalogue);
        boolean diverse = request.diversity() > 0;
        int k = diverse ? Diversity.candidates(request.k()) : request.k();
        RuledList.Result list =
                request.scenario() == null || request.scenario().rules().isEmpty()
                        ? new RuledList.Result(ranker.top(k, admitted.items()), Set.of(), null, List.of())
                        : new RuledList(catalogue, ranker, request.scenario(), request.explain())
                                .of(k, request.k(), (BitSet) admitted.items().clone());
        return diverse ? diverse(list, request) : list;
    }

    /**
     * Selects a diverse list among the candidates; pinned items keep their places. Rules stay satisfied, because every
     * part of an allowed list is allowed.
     */
    private RuledList.Result diverse(RuledList.Result list, ListRequest request) {
        Recommender.Cosines cosines = model.recommender()
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
                            model.named(shared.top(new Request(query.vector(), k, items))),
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
                    && !(model.recommender() instanceof MemoryBasedRecommender);
            return logits ? (float) (score + Math.log(factor)) : RuledList.Ranker.super.boosted(score, factor);
        }
    }
}
