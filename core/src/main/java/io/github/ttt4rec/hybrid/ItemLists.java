package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.util.Arrays;
import java.util.List;

/**
 * For each item its most related items, strongest first. Those of item v stand at {@code offsets[v] .. offsets[v + 1] - 1}.
 *
 * @param offsets {@code V + 2} entries
 * @param items indices of the related items
 * @param weights their weights, above 0
 */
record ItemLists(int[] offsets, int[] items, float[] weights) {
    /** No lists. */
    static ItemLists empty(int itemCount) {
        return new ItemLists(new int[itemCount + 2], new int[0], new float[0]);
    }

    /** These lists and empty ones for {@code more} further items. */
    ItemLists withItems(int more) {
        int[] longer = Arrays.copyOf(offsets, offsets.length + more);
        Arrays.fill(longer, offsets.length, longer.length, items.length);
        return new ItemLists(longer, items, weights);
    }

    /** The weight of {@code other} in the list of {@code item}; 0 if it is not there. */
    float weight(int item, int other) {
        for (int i = offsets[item]; i < offsets[item + 1]; i++) {
            if (items[i] == other) {
                return weights[i];
            }
        }
        return 0;
    }

    List<TensorData> tensors(String name) {
        return List.of(
                new TensorData.Ints(name + ".offsets", new int[] {offsets.length}, offsets),
                new TensorData.Ints(name + ".items", new int[] {items.length}, items),
                new TensorData.Floats(name + ".weights", new int[] {weights.length}, weights));
    }

    /** Reads what {@link #tensors} wrote, for {@code itemCount} items. */
    static ItemLists load(TensorFile file, String name, int itemCount) {
        int[] offsets = file.ints(name + ".offsets", itemCount + 2);
        int size = offsets[itemCount + 1];
        ItemLists lists =
                new ItemLists(offsets, file.ints(name + ".items", size), file.floats(name + ".weights", size));
        for (int v = 0; v <= itemCount; v++) {
            if (offsets[v] > offsets[v + 1] || offsets[0] != 0) {
                throw damaged(file, name + ".offsets");
            }
        }
        for (int item : lists.items) {
            if (item < 1 || item > itemCount) {
                throw damaged(file, name + ".items");
            }
        }
        return lists;
    }

    private static RuntimeException damaged(TensorFile file, String tensor) {
        return new io.github.ttt4rec.UserFacingException(
                file.path() + ": tensor " + tensor + " is damaged; train the model again");
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
         * A builder.
         *
         * @param top the number of related items kept for each item
         */
        Builder(int itemCount, int top) {
            this.top = top;
            sums = new float[itemCount + 1];
            touched = new int[itemCount + 1];
            offsets = new int[itemCount + 2];
        }

        /** Adds a weight above 0 for an item related to the one at hand. */
        void add(int item, double weight) {
            if (sums[item] == 0) {
                touched[touchedCount++] = item;
            }
            sums[item] += (float) weight;
        }

        /** Ends the list of the item at hand and goes on to the next one; {@code factor} multiplies the weights. */
        void finish(double factor) {
            long[] keys = new long[touchedCount];
            for (int i = 0; i < touchedCount; i++) {
                // Positive floats order as their bits do; of equal ones the smaller index comes first.
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
            return new ItemLists(offsets, Arrays.copyOf(items, filled), Arrays.copyOf(weights, filled));
        }
    }
}
