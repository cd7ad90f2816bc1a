package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.Popularity;
import java.util.Arrays;

/**
 * The items of a catalogue in order of popularity in the training part, ties by index. It breaks ties between equal
 * scores, and ranks the items for which a method has no evidence.
 */
final class ItemOrder {
    /** The item at each place {@code 1..V}. */
    private final int[] itemAt;
    /** The place of each item {@code 1..V}. */
    private final int[] placeOf;
    /** The negated place of each item. */
    private final float[] backOff;

    private static final String TENSOR = "item_order";

    /** The order given by {@code itemAt}, a permutation of {@code 1..V} after entry 0. */
    private ItemOrder(int[] itemAt) {
        this.itemAt = itemAt;
        placeOf = new int[itemAt.length];
        backOff = new float[itemAt.length];
        for (int place = 1; place < itemAt.length; place++) {
            placeOf[itemAt[place]] = place;
            backOff[itemAt[place]] = -place;
        }
    }

    /** The order by {@link Popularity}. */
    static ItemOrder of(Split split) {
        float[] popularity = Popularity.of(split).scores();
        long[] keys = new long[popularity.length - 1];
        for (int item = 1; item < popularity.length; item++) {
            keys[item - 1] = key(popularity[item], item);
        }
        Arrays.sort(keys);
        int[] itemAt = new int[popularity.length];
        for (int place = 1; place < itemAt.length; place++) {
            itemAt[place] = (int) keys[place - 1];
        }
        return new ItemOrder(itemAt);
    }

    /** The order that was saved as a {@link #tensor}. */
    static ItemOrder load(TensorFile tables, int itemCount) {
        int[] itemAt = tables.intsOfItems(TENSOR, itemCount + 1, itemCount);
        boolean[] placed = new boolean[itemCount + 1];
        for (int place = 1; place <= itemCount; place++) {
            int item = itemAt[place];
            if (item < 1 || item > itemCount || placed[item]) {
                throw tables.problem(TENSOR, "does not hold each item once");
            }
            placed[item] = true;
        }
        return new ItemOrder(itemAt);
    }

    /** The tensor from which {@link #load} restores the order: the item at each place, with 0 at entry 0. */
    TensorData tensor() {
        return new TensorData.Ints(TENSOR, new int[] {itemAt.length}, itemAt);
    }

    /** A number that sorts by descending score and then by ascending {@code then}; neither may be negative. */
    static long key(float score, int then) {
        return (long) ~Float.floatToRawIntBits(score) << 32 | then;
    }

    /** The score of a {@link #key}. */
    static float score(long key) {
        return Float.intBitsToFloat(~(int) (key >> 32));
    }

    /** The place of an item, 1 for the most popular. */
    int place(int item) {
        return placeOf[item];
    }

    /** The number of items V. */
    int itemCount() {
        return itemAt.length - 1;
    }

    /**
     * Writes the scores of one case: the given ones, and for every other item its negated place. Equal scores are made
     * distinct: each is lowered to the next float below its predecessor.
     *
     * @param items the items with a score; equal scores must be in this order
     * @param scores their scores, not negative, descending
     * @param from the first entry of the two arrays
     * @param to one past the last entry
     * @param out receives {@code V + 1} scores from {@code offset} on
     */
    void write(int[] items, float[] scores, int from, int to, float[] out, int offset) {
        System.arraycopy(backOff, 0, out, offset, backOff.length);
        float last = Float.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            last = Math.min(scores[i], Math.nextDown(last));
            out[offset + items[i]] = last;
        }
    }

    /** Sums the evidence for items in float64 and ranks them by the sum rounded to float32. Not thread-safe. */
    final class Evidence {
        private final double[] sums = new double[itemAt.length];
        private final boolean[] present = new boolean[itemAt.length];
        private final int[] items = new int[itemAt.length];
        private final float[] scores = new float[itemAt.length];
        private final long[] keys = new long[itemAt.length];
        private int size;

        /** Adds {@code amount}, which is not negative, to {@code item}'s sum. */
        void add(int item, double amount) {
            if (!present[item]) {
                present[item] = true;
                items[size++] = item;
            }
            sums[item] += amount;
        }

        /** Excludes {@code item} from the next ranking, no matter what is added for it. */
        void exclude(int item) {
            add(item, Double.NEGATIVE_INFINITY);
        }

        /** Ranks the sums since the last call and clears them; returns the number of items. */
        int rank() {
            int ranked = 0;
            for (int i = 0; i < size; i++) {
                int item = items[i];
                if (sums[item] >= 0) {
                    keys[ranked++] = key((float) sums[item], placeOf[item]);
                }
                sums[item] = 0;
                present[item] = false;
            }
            size = 0;
            Arrays.sort(keys, 0, ranked);
            for (int i = 0; i < ranked; i++) {
                items[i] = itemAt[(int) keys[i]];
                scores[i] = score(keys[i]);
            }
            return ranked;
        }

        /** The items of the last ranking, best first; valid until the next {@link #add}. */
        int[] items() {
            return items;
        }

        /** The sums of {@link #items}, in the same order. */
        float[] scores() {
            return scores;
        }

        /** Ranks the sums since the last call, clears them, and writes the scores as {@link ItemOrder#write} does. */
        void writeTo(float[] out, int offset) {
            write(items, scores, 0, rank(), out, offset);
        }
    }
}
