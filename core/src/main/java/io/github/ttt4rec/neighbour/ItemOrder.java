package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Split;
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

    private ItemOrder(float[] popularity) {
        int items = popularity.length - 1;
        itemAt = new int[items + 1];
        placeOf = new int[items + 1];
        backOff = new float[items + 1];
        long[] keys = new long[items];
        for (int item = 1; item <= items; item++) {
            keys[item - 1] = key(popularity[item], item);
        }
        Arrays.sort(keys);
        for (int place = 1; place <= items; place++) {
            int item = (int) keys[place - 1];
            itemAt[place] = item;
            placeOf[item] = place;
            backOff[item] = -place;
        }
    }

    /** The order by {@link Popularity}. */
    static ItemOrder of(Split split) {
        return new ItemOrder(Popularity.of(split).scores());
    }

    /** A number that sorts by descending score, which must not be negative, then by ascending {@code then}, at least 0. */
    static long key(float score, int then) {
        return (long) ~Float.floatToRawIntBits(score) << 32 | then;
    }

    /** The score of a {@link #key}. */
    static float score(long key) {
        return Float.intBitsToFloat(~(int) (key >> 32));
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
