package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.data.IdMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds items by words of their name or id, ignoring case, for a page's search field. */
final class ItemSearch {
    private final ItemTitles names;
    private volatile @Nullable Index index;

    ItemSearch(ItemTitles names) {
        this.names = names;
    }

    /** The texts to search: name and id of each item of a catalogue, in lower case. */
    private record Index(IdMap items, long version, String[] texts) {}

    /**
     * Returns at most {@code limit} items that contain all words of {@code query}: the item with that id, then items
     * whose name begins with the query, then others, each in the catalogue's order. An empty query matches every item.
     *
     * @param allowed the indices of the items to search among
     */
    List<String> find(IdMap items, String query, int limit, BitSet allowed) {
        String[] texts = texts(items);
        String wanted = query.strip().toLowerCase(Locale.ROOT);
        String[] words = wanted.isEmpty() ? new String[0] : wanted.split("\\s+");
        List<String> first = new ArrayList<>();
        Integer named = items.indexOf(query.strip());
        if (named != null && allowed.get(named)) {
            first.add(items.name(named));
        }
        List<String> others = new ArrayList<>();
        for (int i = 0; i < texts.length && first.size() < limit; i++) {
            String text = texts[i];
            if ((named == null || named != i + 1)
                    && allowed.get(i + 1)
                    && Arrays.stream(words).allMatch(text::contains)) {
                List<String> group = text.startsWith(wanted) ? first : others;
                if (group.size() < limit) {
                    group.add(items.name(i + 1));
                }
            }
        }
        first.addAll(others.subList(0, Math.min(others.size(), limit - first.size())));
        return first;
    }

    private String[] texts(IdMap items) {
        Index known = index;
        long version = names.catalogue().version();
        if (known == null
                || known.items != items
                || known.version != version) { // The catalogue has changed by a swap or an added item.
            String[] texts = new String[items.size()];
            for (int i = 0; i < texts.length; i++) {
                String id = items.name(i + 1);
                String name = names.of(id);
                texts[i] = (name == null ? id : name + "\n" + id).toLowerCase(Locale.ROOT);
            }
            known = new Index(items, version, texts);
            index = known;
        }
        return known.texts;
    }
}
