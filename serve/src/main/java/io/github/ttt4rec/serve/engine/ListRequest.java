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
 * @param diversity how much it avoids items like one another, from 0 to 1; see {@link io.github.ttt4rec.recommend.Diversity}
 * @param explain whether to say what each score is made of
 */
public record ListRequest(
        int k,
        ItemFilter filter,
        @Nullable Expression where,
        @Nullable Scenario scenario,
        double diversity,
        boolean explain) {
    /** A request without a condition on attributes and without rules. */
    public ListRequest(int k, ItemFilter filter) {
        this(k, filter, null, null);
    }

    /** A request for a list by the scores alone, which are not explained. */
    public ListRequest(int k, ItemFilter filter, @Nullable Expression where, @Nullable Scenario scenario) {
        this(k, filter, where, scenario, 0, false);
    }
}
