package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.recommend.ItemFilter;
import org.jspecify.annotations.Nullable;

/**
 * A request for a list.
 *
 * @param k the number of items wanted
 * @param filter the items that may be in it, by id
 * @param where the items that may be in it, by their attributes; null for all
 * @param scenario the rules of the shop for it; null for none
 */
public record ListRequest(
        int k,
        ItemFilter filter,
        @Nullable Expression where,
        @Nullable Scenario scenario) {
    /** A request without a condition on attributes and without rules. */
    public ListRequest(int k, ItemFilter filter) {
        this(k, filter, null, null);
    }
}
