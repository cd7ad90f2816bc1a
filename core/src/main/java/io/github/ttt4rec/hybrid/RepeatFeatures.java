package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.recommend.History;
import java.util.Arrays;

/**
 * The features of the items that a history contains: how often, how long ago and in which visits the user had each, and
 * what followed it. {@link ItemFeatures} assigns the slots. Not thread-safe.
 */
final class RepeatFeatures {
    /** The number of last events whose earlier occurrences tell what follows. */
    private static final int OWN_SUCCESSION_EVENTS = 3;
    /** The number of events after an earlier occurrence that count. */
    private static final int OWN_SUCCESSION_WINDOW = 10;

    private static final float OWN_SUCCESSION_SCALE = 10;

    private static final double DAY = 24 * 3600e6;
    private static final int REPEAT = ItemFeature.REPEAT;
    private static final int FIRST_REPEAT = ItemFeature.DENSE;

    private final long visitGapMicros;
    private final float[] itemRepeats;
    /** The slot of each item plus 1; the caller's. */
    private final int[] slots;

    private float[] repeat = new float[64 * REPEAT];
    private int count;
    /** For each slot of the history, the number of the earlier visit that was last counted. */
    private int[] lastVisit = new int[64];

    /**
     * Creates features without a history.
     *
     * @param visitGapMicros the gap between two visits
     * @param itemRepeats the repeat feature of each item
     * @param slots the slot of each item plus 1; not copied, and read when a history is
     */
    RepeatFeatures(long visitGapMicros, float[] itemRepeats, int[] slots) {
        this.visitGapMicros = visitGapMicros;
        this.itemRepeats = itemRepeats;
        this.slots = slots;
    }

    /** Sets all features to 0, and makes room for a history of {@code items} distinct items. */
    void reset(int items) {
        Arrays.fill(repeat, 0, count * REPEAT, 0);
        count = items;
        if (repeat.length < count * REPEAT) {
            repeat = new float[count * REPEAT * 2];
        }
    }

    /**
     * Computes the features of the items of a history, each of which has a slot.
     *
     * @param first the first event that is read
     * @param times whether the features use times
     * @param now the time of the request
     * @param visit the number of last events in the current visit
     * @param share the user's repeat share
     */
    void read(History history, int first, boolean times, long now, int visit, double share) {
        float userRepeats = (float) Math.log((share + 0.01) / (1.01 - share));
        int newest = history.size() - 1;
        long later = now;
        int visits = 0;
        for (int i = newest; i >= first; i--) {
            int row = (slots[history.item(i)] - 1) * REPEAT - FIRST_REPEAT;
            int back = newest - i;
            if (repeat[row + ItemFeature.SEEN.column()] == 0) {
                repeat[row + ItemFeature.SEEN.column()] = 1;
                if (back < 50) {
                    repeat[row + recency(back).column()] = 1;
                }
                repeat[row + ItemFeature.LOG_BACK.column()] = (float) (Math.log1p(back) / 3);
                repeat[row + ItemFeature.ITEM_REPEATS.column()] = itemRepeats[history.item(i)];
                repeat[row + ItemFeature.USER_REPEATS.column()] = userRepeats;
                if (times && back < visit) {
                    repeat[row + ItemFeature.THIS_VISIT.column()] = 1;
                    repeat[row + ItemFeature.VISIT_RECENCY.column()] = 1f / (1 + back);
                }
            }
            repeat[row + ItemFeature.LOG_TIMES.column()]++;
            if (times) {
                visits += later - history.time(i) > visitGapMicros ? 1 : 0;
                later = history.time(i);
                if (back >= visit) {
                    addEarlierVisit(slots[history.item(i)] - 1, now - history.time(i), visits);
                }
            }
        }
        readOwnSuccessions(history, first);
        for (int row = 0; row < count * REPEAT; row += REPEAT) {
            logarithm(row + ItemFeature.LOG_TIMES.column() - FIRST_REPEAT);
            logarithm(row + ItemFeature.LOG_VISITS.column() - FIRST_REPEAT);
            int succession = row + ItemFeature.OWN_SUCCESSION.column() - FIRST_REPEAT;
            repeat[succession] = FastLog.log1p(repeat[succession] * OWN_SUCCESSION_SCALE);
            int next = row + ItemFeature.OWN_NEXT.column() - FIRST_REPEAT;
            repeat[next] = FastLog.log1p(repeat[next]);
        }
    }

    /**
     * Sums what followed the items of the last events when the user had them before. For the event that lies {@code
     * back} events before the last one, the request is {@code back + 1} events later, so an item at that distance
     * counts most.
     */
    private void readOwnSuccessions(History history, int first) {
        int newest = history.size() - 1;
        float weight = 1;
        for (int back = 0; back < OWN_SUCCESSION_EVENTS && newest - back > first; back++) {
            int last = newest - back;
            for (int p = last - 1; p >= first; p--) {
                if (history.item(p) == history.item(last)) {
                    addOwnSuccession(history, p, last, back, weight);
                }
            }
            weight *= (float) ItemFeatures.TRANSITION_DECAY;
        }
    }

    private void addOwnSuccession(History history, int earlier, int last, int back, float weight) {
        int to = Math.min(last, earlier + back + OWN_SUCCESSION_WINDOW);
        for (int q = earlier + 1; q <= to; q++) {
            int row = (slots[history.item(q)] - 1) * REPEAT - FIRST_REPEAT;
            int distance = Math.max(1, Math.abs(q - earlier - back));
            repeat[row + ItemFeature.OWN_SUCCESSION.column()] += weight / distance;
            if (back == 0 && q == earlier + 1) {
                repeat[row + ItemFeature.OWN_NEXT.column()]++;
            }
        }
    }

    private static ItemFeature recency(int back) {
        if (back == 0) {
            return ItemFeature.LAST;
        }
        if (back < 3) {
            return ItemFeature.UP_TO_3_BACK;
        }
        return back < 10 ? ItemFeature.UP_TO_10_BACK : ItemFeature.UP_TO_50_BACK;
    }

    /**
     * Counts an event of an earlier visit. Events come newest first, so the first one of an item determines its age.
     */
    private void addEarlierVisit(int slot, long gap, int visits) {
        int row = slot * REPEAT - FIRST_REPEAT;
        int visitsAt = row + ItemFeature.LOG_VISITS.column();
        if (repeat[visitsAt] == 0 && repeat[row + ItemFeature.THIS_VISIT.column()] == 0 && gap < 90 * DAY) {
            ItemFeature bucket;
            if (gap < DAY) {
                bucket = ItemFeature.UP_TO_A_DAY;
            } else if (gap < 7 * DAY) {
                bucket = ItemFeature.UP_TO_A_WEEK;
            } else {
                bucket = gap < 30 * DAY ? ItemFeature.UP_TO_A_MONTH : ItemFeature.UP_TO_A_QUARTER;
            }
            repeat[row + bucket.column()] = 1;
        }
        if (lastVisit.length <= slot) {
            lastVisit = Arrays.copyOf(lastVisit, Math.max(2 * lastVisit.length, slot + 1));
        }
        if (repeat[visitsAt] == 0 || lastVisit[slot] != visits) {
            lastVisit[slot] = visits;
            repeat[visitsAt]++;
        }
    }

    private void logarithm(int at) {
        repeat[at] = repeat[at] > 0 ? (float) Math.log(repeat[at]) : 0;
    }

    /** Writes the features of a slot to {@code out[offset + feature]}. */
    void write(int slot, float[] out, int offset) {
        System.arraycopy(repeat, slot * REPEAT, out, offset + FIRST_REPEAT, REPEAT);
    }

    /** The term of a slot in a logit with these weights of all features. */
    float logit(float[] weights, int slot) {
        float sum = 0;
        int row = slot * REPEAT;
        for (int f = 0; f < REPEAT; f++) {
            sum += weights[FIRST_REPEAT + f] * repeat[row + f];
        }
        return sum;
    }
}
