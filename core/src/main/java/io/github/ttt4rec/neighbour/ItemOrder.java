package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.Popularity;
import java.util.Arrays;

/**
 * The items of a catalogue, most popular in the training part first and equally popular ones by index. It breaks ties
 * between equal scores, and ranks the items a method has no evidence for.
 */
final class ItemOrder {
    /** Item at each place {@code 1..V}. */
    private final int[] itemAt;
    /** Place of each item {@code 1..V}. */
    private final int[] placeOf;
    /** Minus the place of each item. */
    private final float[] backOff;

    private static final String TENSOR = "item_order";

    /** The order in which {@code itemAt} has a permutation of {@code 1..V} after entry 0. */
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

    /** The order that was saved as {@link #tensor}. */
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

    /** Itself, to be saved: the item at each place, entry 0 being 0. */
    TensorData tensor() {
        return new TensorData.Ints(TENSOR, new int[] {itemAt.length}, itemAt);
    }

    /** A number that sorts by descending score, which must not be negative, then by ascending {@code then}, at least 0. */
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
     * Writes one case's scores: those given, and minus its place for each other item. Equal scores become different ones:
     * each is lowered to the next float below the one before it.
     *
     * @param items items with a score, in this class's order where scores are equal
     * @param scores their scores, none negative, descending
     * @param from first entry of the two arrays
     * @param to one past the last
     * @param out where to write {@code V + 1} scores, beginning at {@code offset}
     */
    void write(int[] items, float[] scores, int from, int to, float[] out, int offset) {
        System.arraycopy(backOff, 0, out, offset, backOff.length);
        float last = Float.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            last = Math.min(scores[i], Math.nextDown(last));
            out[offset + items[i]] = last;
        }
    }

    /** Adds up the evidence for items, in float64, and ranks them by the sum rounded to float32. For one thread. */
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

        /** Leaves {@code item} out of the next ranking, whatever is added for it before or after. */
        void exclude(int item) {
            add(item, Double.NEGATIVE_INFINITY);
        }

        /** Ranks what was added since the last call and forgets the sums; returns the number of items. */
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

        /** Items as last ranked, best first; valid until the next {@link #add}. */
        int[] items() {
            return items;
        }

        /** Their sums. */
        float[] scores() {
            return scores;
        }

        /** Ranks what was added since the last call and writes it as {@link ItemOrder#write} does. */
        void writeTo(float[] out, int offset) {
            write(items, scores, 0, rank(), out, offset);
        }
    }
}
