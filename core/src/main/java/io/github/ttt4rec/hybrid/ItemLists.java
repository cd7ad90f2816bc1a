package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.TopK;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.Arrays;
import java.util.List;

/**
 * For each item, its most related items and their weights. An entry takes 2 bytes in a catalogue of thousands of items
 * and 3 to 4 in one of a million: the difference from the previous index in the list, in ascending order, 7 bits a
 * byte, and the number of its weight among up to {@value #LEVELS} levels. A table with more distinct weights has levels
 * of constant ratio between its smallest and its largest weight, over at most seven orders of magnitude, so that each
 * is within 3.2 % of the exact weight. All readers, including the fit, use the levels.
 */
final class ItemLists {
    private static final int LEVELS = 256;
    /** The number of entries of 5 bytes that one array holds. */
    private static final int MAX_ENTRIES = Integer.MAX_VALUE / 5;
    /** The largest ratio of two levels. */
    private static final float MAX_RATIO = 1e7f;

    /** The start of each item's list in {@link #entries}, {@code V + 2} values. */
    private final int[] offsets;

    private final byte[] entries;
    /** The weights that occur, ascending. */
    private final float[] levels;

    private ItemLists(int[] offsets, byte[] entries, float[] levels) {
        this.offsets = offsets;
        this.entries = entries;
        this.levels = levels;
    }

    /**
     * Packs lists of items and weights.
     *
     * @param offsets the number of the first entry of each list, {@code V + 2} values
     * @param items the indices of the related items, from 1 to V
     * @param weights their weights, above 0
     */
    private static ItemLists of(int[] offsets, int[] items, float[] weights) {
        int size = offsets[offsets.length - 1];
        requireRoom(size);
        float[] levels = levels(Arrays.copyOf(weights, size));
        int[] starts = new int[offsets.length];
        byte[] entries = new byte[3 * size];
        int filled = 0;
        for (int v = 0; v < offsets.length - 1; v++) {
            starts[v] = filled;
            long[] sorted = new long[offsets[v + 1] - offsets[v]];
            for (int i = 0; i < sorted.length; i++) {
                int n = offsets[v] + i;
                sorted[i] = (long) items[n] << Integer.SIZE | level(levels, weights[n]);
            }
            Arrays.sort(sorted);
            if (filled + 5 * sorted.length > entries.length) {
                entries = Arrays.copyOf(entries, 5 * size);
            }
            int previous = 0;
            for (long entry : sorted) {
                int item = (int) (entry >> Integer.SIZE);
                int gap = item - previous;
                for (; gap >= 0x80; gap >>= 7) {
                    entries[filled++] = (byte) (gap | 0x80);
                }
                entries[filled++] = (byte) gap;
                entries[filled++] = (byte) entry;
                previous = item;
            }
        }
        starts[offsets.length - 1] = filled;
        return new ItemLists(starts, Arrays.copyOf(entries, filled), levels);
    }

    private static void requireRoom(long entries) {
        if (entries > MAX_ENTRIES) {
            throw new UserFacingException("a table of related items has more than " + MAX_ENTRIES
                    + " entries: set min_item_events higher, model.neighbours lower, or model.use_memory to false");
        }
    }

    /** The weights themselves if they are few, ascending; otherwise levels of constant ratio. */
    private static float[] levels(float[] weights) {
        Arrays.sort(weights);
        float[] levels = new float[LEVELS];
        int distinct = 0;
        for (float weight : weights) {
            if (distinct == 0 || weight > levels[distinct - 1]) {
                if (distinct == LEVELS) {
                    return ofConstantRatio(weights[0], weights[weights.length - 1]);
                }
                levels[distinct++] = weight;
            }
        }
        return Arrays.copyOf(levels, distinct);
    }

    private static float[] ofConstantRatio(float smallest, float largest) {
        float[] levels = new float[LEVELS];
        float first = Math.max(smallest, largest / MAX_RATIO);
        double step = StrictMath.log((double) largest / first) / (LEVELS - 1);
        for (int i = 0; i < LEVELS; i++) {
            levels[i] = (float) (first * StrictMath.exp(i * step));
        }
        return levels;
    }

    /** The number of the level with the ratio to a weight that is nearest to 1. */
    private static int level(float[] levels, float weight) {
        int found = Arrays.binarySearch(levels, weight);
        if (found >= 0) {
            return found;
        }
        int above = Math.min(-found - 1, levels.length - 1);
        int below = Math.max(0, above - 1);
        return (double) weight * weight < (double) levels[below] * levels[above] ? below : above;
    }

    /** Empty lists for all items. */
    static ItemLists empty(int itemCount) {
        return of(new int[itemCount + 2], new int[0], new float[0]);
    }

    /** These lists, followed by empty ones for {@code more} further items. */
    ItemLists withItems(int more) {
        int[] longer = Arrays.copyOf(offsets, offsets.length + more);
        Arrays.fill(longer, offsets.length, longer.length, entries.length);
        return new ItemLists(longer, entries, levels);
    }

    /** Returns whether no item has related items. */
    boolean isEmpty() {
        return entries.length == 0;
    }

    /** An upper bound for the length of an item's list. */
    int lengthAtMost(int item) {
        return (offsets[item + 1] - offsets[item]) / 2;
    }

    /** Starts before the first entry of an item's list, whose entries have ascending indices. */
    Cursor cursor(int item) {
        return new Cursor(entries, levels, offsets[item], offsets[item + 1]);
    }

    /** Reads a list entry by entry. */
    static final class Cursor {
        private final byte[] entries;
        private final float[] levels;
        private final int end;
        private int at;
        private int item;
        private float weight;

        private Cursor(byte[] entries, float[] levels, int start, int end) {
            this.entries = entries;
            this.levels = levels;
            this.end = end;
            at = start;
        }

        /** Moves to the next entry; returns false if there is none. */
        boolean next() {
            if (at == end) {
                return false;
            }
            byte part = entries[at++];
            int gap = part & 0x7F;
            for (int shift = 7; part < 0; shift += 7) {
                part = entries[at++];
                gap |= (part & 0x7F) << shift;
            }
            item += gap;
            weight = levels[entries[at++] & 0xFF];
            return true;
        }

        /** The related item. */
        int item() {
            return item;
        }

        float weight() {
            return weight;
        }
    }

    /** The weight of {@code other} in the list of {@code item}; 0 if it is not in it. */
    float weight(int item, int other) {
        for (Cursor entry = cursor(item); entry.next(); ) {
            if (entry.item() == other) {
                return entry.weight();
            }
        }
        return 0;
    }

    /** The list of an item, as a ranking by weight. Ties go to the smaller index. */
    Ranked list(int item) {
        TopK best = new TopK(Integer.MAX_VALUE);
        for (Cursor entry = cursor(item); entry.next(); ) {
            best.offer(entry.item(), entry.weight());
        }
        return best.ranked();
    }

    /** The lists as tensors of 4-byte values, strongest items first, the format of versions before the packed form. */
    List<TensorData> tensors(String name) {
        int[] starts = new int[offsets.length];
        int[] items = new int[entries.length / 2];
        float[] values = new float[items.length];
        int filled = 0;
        for (int v = 1; v < offsets.length - 1; v++) {
            Ranked list = list(v);
            System.arraycopy(list.items(), 0, items, filled, list.size());
            System.arraycopy(list.scores(), 0, values, filled, list.size());
            filled += list.size();
            starts[v + 1] = filled;
        }
        return List.of(
                new TensorData.Ints(name + ".offsets", new int[] {starts.length}, starts),
                new TensorData.Ints(name + ".items", new int[] {filled}, Arrays.copyOf(items, filled)),
                new TensorData.Floats(name + ".weights", new int[] {filled}, Arrays.copyOf(values, filled)));
    }

    /** Restores lists for {@code itemCount} items from their {@link #tensors}. */
    static ItemLists load(TensorFile file, String name, int itemCount) {
        int[] offsets = file.ints(name + ".offsets", itemCount + 2);
        for (int v = 0; v <= itemCount; v++) {
            if (offsets[v] > offsets[v + 1] || offsets[0] != 0) {
                throw damaged(file, name + ".offsets");
            }
        }
        int size = offsets[itemCount + 1];
        int[] items = file.ints(name + ".items", size);
        for (int item : items) {
            if (item < 1 || item > itemCount) {
                throw damaged(file, name + ".items");
            }
        }
        float[] weights = file.floats(name + ".weights", size);
        for (float weight : weights) {
            if (!(weight >= 0) || weight == Float.POSITIVE_INFINITY) {
                throw damaged(file, name + ".weights");
            }
        }
        return of(offsets, items, weights);
    }

    private static UserFacingException damaged(TensorFile file, String tensor) {
        return new UserFacingException(file.path() + ": tensor " + tensor + " is damaged; train the model again");
    }

    /** Builds lists item by item, in the order of the items. */
    static final class Builder {
        private final int top;
        private final float[] sums;
        private final int[] touched;
        private int touchedCount;
        private final int[] offsets;
        private int[] items = new int[1024];
        private float[] weights = new float[1024];
        private int filled;
        private int next = 1;

        /**
         * Starts with the list of item 1.
         *
         * @param top the number of related items kept per item
         */
        Builder(int itemCount, int top) {
            this.top = top;
            sums = new float[itemCount + 1];
            touched = new int[itemCount + 1];
            offsets = new int[itemCount + 2];
        }

        /** Adds a positive weight for an item that is related to the current one. */
        void add(int item, double weight) {
            if (sums[item] == 0) {
                touched[touchedCount++] = item;
            }
            sums[item] += (float) weight;
        }

        /**
         * Ends the list of the current item, with its weights multiplied by {@code factor}, and starts the next one.
         */
        void finish(double factor) {
            long[] keys = new long[touchedCount];
            for (int i = 0; i < touchedCount; i++) {
                // Positive floats have the same order as their bits; ties go to the smaller index.
                keys[i] = (long) ~Float.floatToRawIntBits(sums[touched[i]]) << Integer.SIZE | touched[i];
            }
            Arrays.sort(keys);
            int kept = Math.min(top, keys.length);
            requireRoom((long) filled + kept);
            if (filled + kept > items.length) {
                int larger = Math.max(filled + kept, items.length * 2);
                items = Arrays.copyOf(items, larger);
                weights = Arrays.copyOf(weights, larger);
            }
            for (int i = 0; i < kept; i++) {
                int item = (int) keys[i];
                items[filled] = item;
                weights[filled++] = (float) (sums[item] * factor);
            }
            for (int i = 0; i < touchedCount; i++) {
                sums[touched[i]] = 0;
            }
            touchedCount = 0;
            offsets[++next] = filled;
        }

        ItemLists build() {
            return of(offsets, items, weights);
        }
    }
}
