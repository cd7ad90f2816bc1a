package io.github.ttt4rec.data;

import io.github.ttt4rec.data.internal.IdDictionary;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * External string ids and their dense internal indices {@code 1..size()}; index 0 is padding and has no name. Internal
 * indices never leave the library: its inputs and outputs are strings. Immutable.
 *
 * <p>Names are stored as packed UTF-8, with an overhead of about 20 bytes per name; strings are created on request.
 */
public final class IdMap {
    private final IdDictionary names;

    /**
     * Gives {@code names.get(i)} the index {@code i + 1}.
     *
     * @throws IllegalArgumentException if a name is repeated or contains an unpaired surrogate
     */
    public IdMap(List<String> names) {
        this(dictionary(names));
    }

    /** Takes ownership of {@code names}, to which nothing may be added afterwards. */
    public IdMap(IdDictionary names) {
        this.names = names;
    }

    private static IdDictionary dictionary(List<String> names) {
        IdDictionary dictionary = new IdDictionary();
        for (String name : names) {
            int before = dictionary.size();
            if (dictionary.add(name) < before) {
                throw new IllegalArgumentException("id given twice: " + name);
            }
        }
        return dictionary;
    }

    /** The number of ids, without padding. */
    public int size() {
        return names.size();
    }

    /** The index of {@code name}, in {@code 1..size()}, or null if it is unknown. */
    public @Nullable Integer indexOf(String name) {
        int index = names.find(name);
        return index < 0 ? null : index + 1;
    }

    /** The name of {@code index}, which lies in {@code 1..size()}. */
    public String name(int index) {
        return names.get(index - 1);
    }

    /** All names, unmodifiable: element {@code i} is the name of index {@code i + 1}. */
    public List<String> names() {
        return new Names(names);
    }

    private static final class Names extends AbstractList<String> implements RandomAccess {
        private final IdDictionary names;

        Names(IdDictionary names) {
            this.names = names;
        }

        @Override
        public String get(int index) {
            return names.get(index);
        }

        @Override
        public int size() {
            return names.size();
        }
    }
}
