package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.IdMap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which items may be recommended.
 *
 * @param only nothing but these; null for the whole catalogue
 * @param exclude not these
 * @param excludeSeen nothing that is in the history
 */
public record ItemFilter(@Nullable Collection<String> only, Collection<String> exclude, boolean excludeSeen) {
    /** Everything may be recommended. */
    public static final ItemFilter NONE = new ItemFilter(null, List.of(), false);

    /** Everything but what is in the history. */
    public static final ItemFilter UNSEEN = new ItemFilter(null, List.of(), true);

    /** The ids named here that are not in the catalogue; they have no effect. */
    public List<String> unknown(IdMap items) {
        List<String> unknown = new ArrayList<>();
        for (String item : only == null ? List.<String>of() : only) {
            if (items.indexOf(item) == null) {
                unknown.add(item);
            }
        }
        for (String item : exclude) {
            if (items.indexOf(item) == null) {
                unknown.add(item);
            }
        }
        return unknown;
    }

    /**
     * The indices of the items that may be recommended; a new set, which the caller may change.
     *
     * @param seen indices of the items in the history
     * @throws UserFacingException if {@code only} names no known item
     */
    public BitSet allowed(IdMap items, BitSet seen) {
        BitSet allowed = new BitSet(items.size() + 1);
        if (only == null) {
            allowed.set(1, items.size() + 1);
        } else {
            for (String item : only) {
                Integer index = items.indexOf(item);
                if (index != null) {
                    allowed.set(index);
                }
            }
            if (allowed.isEmpty()) {
                throw new UserFacingException("none of the " + only.size()
                        + " items to choose from is in the model's catalogue of " + items.size() + " items");
            }
        }
        for (String item : exclude) {
            Integer index = items.indexOf(item);
            if (index != null) {
                allowed.clear(index);
            }
        }
        if (excludeSeen) {
            allowed.andNot(seen);
        }
        return allowed;
    }
}
