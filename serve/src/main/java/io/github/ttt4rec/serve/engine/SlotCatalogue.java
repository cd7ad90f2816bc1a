package io.github.ttt4rec.serve.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.ttt4rec.catalogue.Catalogue;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.data.IdMap;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * The catalogue of attributes as sets of one model's item indices. Sets are cached until an attribute changes, so that
 * the few filters of a shop cost almost nothing. Thread-safe.
 */
final class SlotCatalogue {
    /** Memory for cached sets, in bytes. */
    private static final long CACHE_BYTES = 16 << 20;

    private static final BitSet NOTHING = new BitSet();

    private final Catalogue catalogue;
    private final IdMap items;
    private final Cache<Expression, Selected> selected;
    /** The model's index of each row's item, or 0; created at first use, because it covers every item of the model. */
    private volatile int @Nullable [] indices;

    private volatile @Nullable Open open;

    /** The indices for which an expression is true, and the catalogue version that they belong to. */
    private record Selected(BitSet indices, long version) {}

    /** The items of {@code allowed} that are available from {@code from} to {@code until}. */
    private record Open(BitSet allowed, BitSet left, long version, long from, long until) {}

    SlotCatalogue(Catalogue catalogue, IdMap items) {
        this.catalogue = catalogue;
        this.items = items;
        int bytes = 64 + items.size() / Byte.SIZE;
        selected = Caffeine.newBuilder()
                .maximumWeight(Math.max(CACHE_BYTES, 8L * bytes))
                .weigher((Expression expression, Selected set) -> bytes)
                .executor(Runnable::run)
                .build();
    }

    /** Returns the catalogue. */
    Catalogue catalogue() {
        return catalogue;
    }

    /** Returns the indices of the items for which an expression is true; must not be modified. */
    BitSet matching(Expression expression) {
        Selected known = selected.getIfPresent(expression);
        if (known == null || known.version != catalogue.version()) {
            int[] byRow = indices();
            Catalogue.Selection selection = catalogue.matching(expression);
            known = new Selected(indices(selection.rows(), byRow), selection.version());
            selected.put(expression, known);
        }
        return known.indices;
    }

    /**
     * Returns the {@code allowed} items whose time window contains {@code now}; must not be modified.
     *
     * @param now epoch microseconds
     */
    @SuppressWarnings("ReferenceEquality") // A set of allowed items is replaced, never modified.
    BitSet open(BitSet allowed, long now) {
        Open known = open;
        if (known == null
                || known.allowed != allowed
                || known.version != catalogue.version()
                || now < known.from
                || now >= known.until) {
            Catalogue.Closed closed = catalogue.closed(now);
            BitSet left = allowed;
            if (!closed.rows().isEmpty()) {
                left = (BitSet) allowed.clone();
                PeekableIntIterator rows = closed.rows().getIntIterator();
                while (rows.hasNext()) {
                    left.clear(index(catalogue.id(rows.next())));
                }
            }
            known = new Open(allowed, left, closed.version(), now, closed.until());
            open = known;
        }
        return known.left;
    }

    /** Returns the model's index of an item; 0 if the model does not know it. */
    int index(String item) {
        Integer index = items.indexOf(item);
        return index == null ? 0 : index;
    }

    private int[] indices() {
        int[] known = indices;
        if (known == null) {
            int[] rows = catalogue.rows(items.names());
            int last = 0;
            for (int row : rows) {
                last = Math.max(last, row);
            }
            known = new int[last + 1];
            for (int i = 0; i < rows.length; i++) {
                known[rows[i]] = i + 1;
            }
            // Two threads may both compute the same set.
            indices = known;
        }
        return known;
    }

    private static BitSet indices(RoaringBitmap rows, int[] byRow) {
        if (rows.isEmpty()) {
            return NOTHING;
        }
        BitSet set = new BitSet(byRow.length + 1);
        PeekableIntIterator each = rows.getIntIterator();
        while (each.hasNext()) {
            int row = each.next();
            if (row < byRow.length) {
                set.set(byRow[row]);
            }
        }
        set.clear(0);
        return set;
    }
}
