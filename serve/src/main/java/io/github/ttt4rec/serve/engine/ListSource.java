package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import org.jspecify.annotations.Nullable;

/**
 * The evidence for a user's own list: the user's events, or, if the model knows none of their items, the context of the
 * request.
 *
 * @param query the query of the user's events, or of the item from which the user came
 * @param seen the indices of the items that count as seen, 0 for unknown ones
 * @param ranker ranks the items within the context; null if the query does
 * @param referred whether the query is that of the item from which the user came
 */
record ListSource(Query query, int[] seen, RuledList.@Nullable Ranker ranker, boolean referred) {
    /** Makes the list of the items that {@code admitted} allows. */
    Recommended list(ModelLists lists, ListRequest request, Admitted admitted, long events) {
        if (ranker != null) {
            return lists.ranked(ranker, Basis.CONTEXT, request, admitted, events);
        }
        Recommended list = lists.recommend(query, request, admitted, events);
        return referred && list.items().basis() == Basis.PERSONAL ? list.on(Basis.REFERRER) : list;
    }
}
