package io.github.ttt4rec.retrieval;

import java.util.Arrays;

/**
 * Keeps the k best of the items offered: by score, the smaller index first where scores are equal, NaN last. A heap with the
 * worst on top. Not for two threads.
 */
public final class TopK {
    private static final int SMALLEST = 64;

    private final int k;
    private int[] items;
    private float[] scores;
    private int size;

    /** Room for the {@code k} best; for none where k is 0 or less. */
    public TopK(int k) {
        this.k = Math.max(0, k);
        items = new int[Math.min(this.k, SMALLEST)];
        scores = new float[items.length];
    }

    /** Whether an item of that score may still come in. */
    public boolean admits(float score) {
        return size < k || (k > 0 && !(score < scores[0]));
    }

    /** Whether there are k. */
    public boolean isFull() {
        return size == k;
    }

    /** The score of the worst one kept, where there are k of them and k is not 0; NaN before. */
    public float worst() {
        return size == k && k > 0 ? scores[0] : Float.NaN;
    }

    /** Takes the item in, if it is among the k best so far. */
    public void offer(int item, float score) {
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

    /** The items kept, best first. Ends this collection's use. */
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

    /** Adds at the end and lets the better ones sink. */
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

    /** Replaces the worst. */
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
