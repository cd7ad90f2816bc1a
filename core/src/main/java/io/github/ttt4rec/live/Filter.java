package io.github.ttt4rec.live;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which items may be recommended, beside those that are denied or unavailable and never are. Ids that the model does not
 * know have no effect.
 *
 * @param only nothing but these; null for the whole catalogue
 * @param exclude not these
 * @param excludeSeen nothing that is in the history
 */
public record Filter(@Nullable List<String> only, List<String> exclude, boolean excludeSeen) {
    /** Everything may be recommended. */
    public static final Filter NONE = new Filter(null, List.of(), false);

    /** Everything but what is in the history. */
    public static final Filter UNSEEN = new Filter(null, List.of(), true);

    /**
     * Which of the {@code allowed} items the filter leaves. Most requests have none and get {@code allowed} itself: not to be
     * written to.
     *
     * @param seen the indices of the history's items, 0 for those unknown
     */
    public BitSet candidates(LiveModel model, BitSet allowed, int[] seen) {
        if (only == null && exclude.isEmpty() && (!excludeSeen || seen.length == 0)) {
            return allowed;
        }
        BitSet candidates;
        if (only == null) {
            candidates = (BitSet) allowed.clone();
        } else {
            candidates = new BitSet();
            Arrays.stream(model.indices(only)).forEach(candidates::set);
            candidates.and(allowed);
        }
        Arrays.stream(model.indices(exclude)).forEach(candidates::clear);
        if (excludeSeen) {
            Arrays.stream(seen).forEach(candidates::clear);
        }
        return candidates;
    }
}
