package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.serve.engine.Matching;
import java.util.ArrayList;
import java.util.Arrays;
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
     * A page of a search.
     *
     * @param items the ids of its items
     * @param total the number of items on all pages
     * @param isFollowed whether there are items after this page
     */
    record Page(List<String> items, int total, boolean isFollowed) {}

    /**
     * Returns the next {@code limit} of the items that contain all words of {@code query}: the item with that id, then
     * items whose name begins with the query, then others, each in the catalogue's order. An empty query matches every
     * item.
     *
     * @param matching the items to search among
     * @param after the last item of the previous page; null for the first page
     * @throws InvalidField if the catalogue lacks the item {@code after}
     */
    Page find(Matching matching, String query, @Nullable String after, int limit) {
        IdMap items = matching.items();
        String[] texts = texts(items);
        String wanted = query.strip().toLowerCase(Locale.ROOT);
        String[] words = wanted.isEmpty() ? new String[0] : wanted.split("\\s+");
        int named = index(items, query.strip());
        int last = after == null ? 0 : index(items, after);
        if (after != null && last == 0) {
            throw new InvalidField(
                    "after", "after: the model does not know this item: leave it out to begin with the first page");
        }
        Group begun = after == null ? Group.NONE : Group.of(last, named, texts[last - 1], wanted);
        List<String> first = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int total = 0;
        int left = 0;
        for (int i = matching.indices().nextSetBit(1);
                i > 0;
                i = matching.indices().nextSetBit(i + 1)) {
            String text = texts[i - 1];
            if (i != named && !Arrays.stream(words).allMatch(text::contains)) {
                continue;
            }
            total++;
            Group group = Group.of(i, named, text, wanted);
            if (group.compareTo(begun) < 0 || (group == begun && i <= last)) {
                continue; // on an earlier page
            }
            left++;
            List<String> to = group == Group.OTHER ? others : first;
            if (group == Group.NAMED) {
                first.addFirst(items.name(i));
            } else if (to.size() < limit) {
                to.add(items.name(i));
            }
        }
        first.addAll(others);
        return new Page(List.copyOf(first.subList(0, Math.min(first.size(), limit))), total, left > limit);
    }

    /** The parts of a result, in their order. */
    private enum Group {
        NONE,
        NAMED,
        BEGINNING,
        OTHER;

        static Group of(int index, int named, String text, String wanted) {
            return index == named ? NAMED : text.startsWith(wanted) ? BEGINNING : OTHER;
        }
    }

    private static int index(IdMap items, String id) {
        Integer index = items.indexOf(id);
        return index == null ? 0 : index;
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
