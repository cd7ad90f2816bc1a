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
 * A filter for the items that may be recommended. Ids that are not in the catalogue have no effect.
 *
 * @param only the only ids allowed; null for the whole catalogue
 * @param exclude ids that are not allowed
 * @param excludeSeen whether items in the history are not allowed
 */
public record ItemFilter(@Nullable List<String> only, List<String> exclude, boolean excludeSeen) {
    /** Throws {@link NullPointerException} if {@code exclude} or an id in it or in {@code only} is null. */
    public ItemFilter {
        requireIds(exclude, "exclude");
        if (only != null) {
            requireIds(only, "only");
        }
    }

    private static void requireIds(List<String> ids, String name) {
        Objects.requireNonNull(ids, name);
        for (String id : ids) {
            Objects.requireNonNull(id, () -> name + " has a null");
        }
    }

    /** The filter that allows all items. */
    public static final ItemFilter NONE = new ItemFilter(null, List.of(), false);

    /** The filter that allows all items except those in the history. */
    public static final ItemFilter UNSEEN = new ItemFilter(null, List.of(), true);

    /** The ids in this filter that are not in the catalogue. */
    public List<String> unknown(IdMap items) {
        return Stream.concat(only == null ? Stream.of() : only.stream(), exclude.stream())
                .filter(item -> items.indexOf(item) == null)
                .toList();
    }

    /**
     * The indices of the items of the catalogue that the filter allows, in a new set that the caller may change.
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
     * The indices of the items in {@code allowed} that the filter allows too. The caller must not modify the result,
     * which is {@code allowed} itself if there is nothing to filter.
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
