package io.github.ttt4rec.data.read;

/** Sorts ranges of two parallel arrays by time with a bottom-up merge sort, which keeps the order of equal times. */
final class StableTimeSort {
    private final long[] times;
    private final int[] items;
    private long[] timesScratch = new long[64];
    private int[] itemsScratch = new int[64];

    StableTimeSort(long[] times, int[] items) {
        this.times = times;
        this.items = items;
    }

    /** Sorts {@code from .. to - 1}. */
    void sort(int from, int to) {
        if (isSorted(from, to)) {
            return; // most logs are sorted already
        }
        int count = to - from;
        if (count > timesScratch.length) {
            timesScratch = new long[Math.max(count, 2 * timesScratch.length)];
            itemsScratch = new int[timesScratch.length];
        }
        for (long width = 1; width < count; width *= 2) {
            for (long left = 0; left + width < count; left += 2 * width) {
                int middle = (int) (left + width);
                merge(from + (int) left, from + middle, from + (int) Math.min(left + 2 * width, count));
            }
        }
    }

    private boolean isSorted(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (times[i - 1] > times[i]) {
                return false;
            }
        }
        return true;
    }

    private void merge(int from, int middle, int to) {
        if (times[middle - 1] <= times[middle]) {
            return;
        }
        int leftCount = middle - from;
        System.arraycopy(times, from, timesScratch, 0, leftCount);
        System.arraycopy(items, from, itemsScratch, 0, leftCount);
        int left = 0;
        int right = middle;
        int out = from;
        while (left < leftCount) {
            // For equal times the left event goes first, which keeps file order.
            if (right < to && times[right] < timesScratch[left]) {
                times[out] = times[right];
                items[out++] = items[right++];
            } else {
                times[out] = timesScratch[left];
                items[out++] = itemsScratch[left++];
            }
        }
    }
}
