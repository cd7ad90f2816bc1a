package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.recommend.ItemFilter;
import org.jspecify.annotations.Nullable;

/**
 * A request for a list.
 *
 * @param k the number of items
 * @param filter the ids of items that the list may contain
 * @param where a condition on the attributes of the list's items; null for none
 * @param scenario the scenario whose rules apply; null for none
 * @param diversity how strongly the list avoids similar items, from 0 to 1; see {@link
 *     io.github.ttt4rec.recommend.Diversity}
 * @param explain whether to return the terms of each score
 */
public record ListRequest(
        int k,
        ItemFilter filter,
        @Nullable Expression where,
        @Nullable Scenario scenario,
        double diversity,
        boolean explain) {
    /** Creates a request without a condition on attributes and without rules. */
    public ListRequest(int k, ItemFilter filter) {
        this(k, filter, null, null);
    }

    /** Creates a request without diversity and explanations. */
    public ListRequest(int k, ItemFilter filter, @Nullable Expression where, @Nullable Scenario scenario) {
        this(k, filter, where, scenario, 0, false);
    }
}
