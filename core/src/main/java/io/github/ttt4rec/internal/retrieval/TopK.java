package io.github.ttt4rec.internal.retrieval;

import java.util.Arrays;

/**
 * Keeps the k best items offered, by score; ties go to the smaller index, and NaN comes last. Implemented as a heap
 * with the worst item on top. Not thread-safe.
 */
public final class TopK {
    private static final int SMALLEST = 64;

    private final int k;
    private final float floor;
    private int[] items;
    private float[] scores;
    private int size;

    /** Keeps the {@code k} best; none if k is 0 or less. */
    public TopK(int k) {
        this(k, Float.NEGATIVE_INFINITY);
    }

    /** Keeps the {@code k} best of the items that score at least {@code floor}. */
    public TopK(int k, float floor) {
        this.k = Math.max(0, k);
        this.floor = floor;
        items = new int[Math.min(this.k, SMALLEST)];
        scores = new float[items.length];
    }

    /** Returns whether an item of this score may still be among the best. */
    public boolean admits(float score) {
        return k > 0 && !(score < threshold());
    }

    /** The score below which an item is not among the best: the floor, or the k-th best score so far if that is higher. */
    public float threshold() {
        return size == k && k > 0 && scores[0] > floor ? scores[0] : floor;
    }

    /** Keeps the item if it is among the k best so far. */
    public void offer(int item, float score) {
        if (score < floor) {
            return;
        }
        if (size < k) {
            if (size == items.length) {
                int larger = (int) Math.min(k, 2L * size);
                items = Arrays.copyOf(items, larger);
                scores = Arrays.copyOf(scores, larger);
            }
            up(item, score);
        } else if (k > 0 && better(item, score, items[0], scores[0])) {
            down(item, score);
        }
    }

    /** The kept items, best first. This object must not be used afterwards. */
    public Ranked ranked() {
        int[] bestItems = new int[size];
        float[] bestScores = new float[size];
        while (size > 0) {
            int last = --size;
            bestItems[last] = items[0];
            bestScores[last] = scores[0];
            down(items[last], scores[last]);
        }
        return new Ranked(bestItems, bestScores);
    }

    private static boolean better(int item, float score, int other, float otherScore) {
        if (score > otherScore) {
            return true;
        }
        if (score < otherScore) {
            return false;
        }
        boolean nan = Float.isNaN(score);
        boolean otherNan = Float.isNaN(otherScore);
        return nan == otherNan ? item < other : otherNan;
    }

    /** Adds an item at the end of the heap and moves it up to its place. */
    private void up(int item, float score) {
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (!better(items[parent], scores[parent], item, score)) {
                break;
            }
            items[at] = items[parent];
            scores[at] = scores[parent];
            at = parent;
        }
        items[at] = item;
        scores[at] = score;
    }

    /** Replaces the worst item, at the top of the heap, and moves the new one down to its place. */
    private void down(int item, float score) {
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && better(items[child], scores[child], items[child + 1], scores[child + 1])) {
                child++;
            }
            if (!better(item, score, items[child], scores[child])) {
                break;
            }
            items[at] = items[child];
            scores[at] = scores[child];
            at = child;
        }
        items[at] = item;
        scores[at] = score;
    }
}
