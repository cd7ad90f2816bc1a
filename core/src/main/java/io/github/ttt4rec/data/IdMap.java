package io.github.ttt4rec.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * External string ids and their dense internal indices {@code 1..size()}; index 0 is padding and has no name. Internal
 * indices never leave the library: what comes in and goes out is always the string.
 */
public final class IdMap {
    private final List<String> names;
    private final Map<String, Integer> indices;

    /** Gives {@code names.get(i)} the index {@code i + 1}. Throws {@link IllegalArgumentException} on a repeated name. */
    public IdMap(List<String> names) {
        this.names = List.copyOf(names);
        this.indices = HashMap.newHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            if (indices.put(names.get(i), i + 1) != null) {
                throw new IllegalArgumentException("id given twice: " + names.get(i));
            }
        }
    }

    /** The number of ids, padding not counted. */
    public int size() {
        return names.size();
    }

    /** The index of {@code name}, in {@code 1..size()}, or null where it is unknown. */
    public @Nullable Integer indexOf(String name) {
        return indices.get(name);
    }

    /** The name of {@code index}, which lies in {@code 1..size()}. */
    public String name(int index) {
        return names.get(index - 1);
    }

    /** All names; the name of index {@code i + 1} stands at {@code i}. */
    public List<String> names() {
        return names;
    }
}
