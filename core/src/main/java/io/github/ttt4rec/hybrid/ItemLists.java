package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.Arrays;
import java.util.List;

/**
 * For each item, its most related items, strongest first. Those of item v are the entries
 * {@code start(v) .. end(v) - 1}. An entry takes 4 bytes, or 5 if the catalogue has more than 65,535 items: the item's
 * index in 16 or 24 bits, and its weight as a 16-bit float, which for weights above 6·10⁻⁵ is within 0.05 % of the
 * exact weight. All readers, including the fit, use the rounded weights.
 */
final class ItemLists {
    private static final int LOW_BITS = 16;
    private static final int LOW_ITEMS = 1 << LOW_BITS;
    /** Item indices have 24 bits. */
    private static final int MAX_ITEMS = (1 << 24) - 1;

    /** The start of each item's list, {@code V + 2} entries. */
    private final int[] offsets;

    private final char[] low;
    /** The upper bits of the item indices; empty if 16 bits suffice. */
    private final byte[] high;

    private final short[] weights;

    private ItemLists(int[] offsets, char[] low, byte[] high, short[] weights) {
        this.offsets = offsets;
        this.low = low;
        this.high = high;
        this.weights = weights;
    }

    /**
     * Packs lists of items and weights.
     *
     * @param offsets {@code V + 2} entries, the first 0; shared
     * @param items the indices of the related items, from 1 to V
     * @param weights their weights, above 0
     */
    private static ItemLists of(int[] offsets, int[] items, float[] weights) {
        int size = offsets[offsets.length - 1];
        char[] low = new char[size];
        byte[] high = new byte[offsets.length - 2 < LOW_ITEMS ? 0 : size];
        short[] halves = new short[size];
        for (int n = 0; n < size; n++) {
            low[n] = (char) items[n];
            halves[n] = Float.floatToFloat16(weights[n]);
        }
        for (int n = 0; n < high.length; n++) {
            high[n] = (byte) (items[n] >> LOW_BITS);
        }
        return new ItemLists(offsets, low, high, halves);
    }

    /** Empty lists for all items. */
    static ItemLists empty(int itemCount) {
        return of(new int[itemCount + 2], new int[0], new float[0]);
    }

    /** These lists, followed by empty ones for {@code more} further items. */
    ItemLists withItems(int more) {
        int[] longer = Arrays.copyOf(offsets, offsets.length + more);
        Arrays.fill(longer, offsets.length, longer.length, low.length);
        return new ItemLists(longer, low, high, weights);
    }

    /** The number of entries in all lists. */
    int size() {
        return low.length;
    }

    /** The first entry of an item's list. */
    int start(int item) {
        return offsets[item];
    }

    /** One past the last entry of an item's list. */
    int end(int item) {
        return offsets[item + 1];
    }

    /** The related item of an entry. */
    int item(int entry) {
        return high.length == 0 ? low[entry] : low[entry] | (high[entry] & 0xFF) << LOW_BITS;
    }

    /** The weight of an entry. */
    float weight(int entry) {
        return Float.float16ToFloat(weights[entry]);
    }

    /** The weight of {@code other} in the list of {@code item}; 0 if it is not in it. */
    float weight(int item, int other) {
        for (int n = start(item); n < end(item); n++) {
            if (item(n) == other) {
                return weight(n);
            }
        }
        return 0;
    }

    /** The list of an item, as a ranking by weight. */
    Ranked list(int item) {
        int from = start(item);
        int[] items = new int[end(item) - from];
        float[] scores = new float[items.length];
        for (int i = 0; i < items.length; i++) {
            items[i] = item(from + i);
            scores[i] = weight(from + i);
        }
        return new Ranked(items, scores);
    }

    /** The lists as tensors of 4-byte values, the format of versions before the packed form. */
    List<TensorData> tensors(String name) {
        int[] items = new int[low.length];
        float[] values = new float[low.length];
        for (int n = 0; n < low.length; n++) {
            items[n] = item(n);
            values[n] = weight(n);
        }
        return List.of(
                new TensorData.Ints(name + ".offsets", new int[] {offsets.length}, offsets),
                new TensorData.Ints(name + ".items", new int[] {items.length}, items),
                new TensorData.Floats(name + ".weights", new int[] {values.length}, values));
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
        return of(offsets, items, file.floats(name + ".weights", size));
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
            if (itemCount > MAX_ITEMS) {
                throw new UserFacingException(
                        "the log has " + itemCount + " items, but tables of related items take at most " + MAX_ITEMS
                                + ": set min_item_events higher, or model.use_memory to false");
            }
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
            if (filled + kept > items.length) {
                int larger = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(filled + kept, items.length * 2L));
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
