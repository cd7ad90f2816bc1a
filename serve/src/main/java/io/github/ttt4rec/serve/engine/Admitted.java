package io.github.ttt4rec.serve.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The items that a request allows, before the rules of its scenario.
 *
 * @param items their indices; must not be modified
 * @param emptiedBy the first restriction that left no item, named as in {@link LeftOut}; null if there are items
 * @param faded the effect of the user's impressions on them; null if the scenario has no such rule
 * @param leftOut the items that were removed so far; empty if the request asks for no explanations
 */
record Admitted(
        BitSet items, @Nullable String emptiedBy, @Nullable Faded faded, List<LeftOut> leftOut) {
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
