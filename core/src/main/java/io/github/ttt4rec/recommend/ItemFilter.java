package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.IdMap;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which items may be recommended. Ids that are not in the catalogue have no effect.
 *
 * @param only nothing but these; null for the whole catalogue
 * @param exclude not these
 * @param excludeSeen nothing that is in the history
 */
public record ItemFilter(@Nullable List<String> only, List<String> exclude, boolean excludeSeen) {
    /** Everything may be recommended. */
    public static final ItemFilter NONE = new ItemFilter(null, List.of(), false);

    /** Everything but what is in the history. */
    public static final ItemFilter UNSEEN = new ItemFilter(null, List.of(), true);

    /** The ids named here that are not in the catalogue. */
    public List<String> unknown(IdMap items) {
        return Stream.concat(only == null ? Stream.of() : only.stream(), exclude.stream())
                .filter(item -> items.indexOf(item) == null)
                .toList();
    }

    /**
     * The items of the whole catalogue that the filter leaves, by index; a new set, which the caller may change.
     *
     * @param seen indices of the items in the history, 0 for unknown ones
     * @throws UserFacingException if {@code only} names no known item
     */
    public BitSet allowed(IdMap items, int... seen) {
        BitSet all = new BitSet(items.size() + 1);
        all.set(1, items.size() + 1);
        if (only != null && only.stream().allMatch(item -> items.indexOf(item) == null)) {
            throw new UserFacingException("none of the " + only.size()
                    + " items to choose from is in the model's catalogue of " + items.size() + " items");
        }
        return candidates(items, all, seen);
    }

    /**
     * The {@code allowed} items that the filter leaves, by index. Most requests have no filter and get {@code allowed} itself, so
     * the caller must not write to the result.
     *
     * @param seen indices of the items in the history, 0 for unknown ones
     */
    public BitSet candidates(IdMap items, BitSet allowed, int... seen) {
        if (only == null && exclude.isEmpty() && (!excludeSeen || seen.length == 0)) {
            return allowed;
        }
        BitSet candidates;
        if (only == null) {
            candidates = (BitSet) allowed.clone();
        } else {
            candidates = new BitSet();
            indices(items, only).forEach(candidates::set);
            candidates.and(allowed);
        }
        indices(items, exclude).forEach(candidates::clear);
        if (excludeSeen) {
            Arrays.stream(seen).forEach(candidates::clear);
        }
        return candidates;
    }

    private static IntStream indices(IdMap items, List<String> names) {
        return names.stream().map(items::indexOf).filter(Objects::nonNull).mapToInt(Integer::intValue);
    }
}
