package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.internal.LearnedTables;
import io.github.ttt4rec.recommend.History;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Computes the gates and the sparse features of one history at a time. Sparse features belong to the items that are in
 * the history or share a table row with it. Each such item has a slot; the items of the history come first. Not
 * thread-safe.
 *
 * <p>If a request is earlier than the last event, it is treated as one at that event's time, and a negative gap between
 * two events, as in a log with reversed times, is treated as 0. So every history has features, and those of a history
 * in time order are not affected.
 */
final class ItemFeatures {
    static final double SHORT_DECAY = 0.8;
    static final double LONG_DECAY = 0.97;
    static final double TRANSITION_DECAY = 0.5;
    static final double NEXT_VISIT_DECAY = 0.9;
    /** Smaller weights are negligible. */
    static final double MIN_WEIGHT = 1e-3;

    private static final double HOUR = 3600e6;
    /** The number of events of an average user with which a user's repeat share is smoothed. */
    private static final double SHARE_PRIOR = 5;

    private static final int MEMORY = ItemFeature.MEMORY;
    private static final int FIRST_REPEAT = ItemFeature.DENSE;
    private static final int FIRST_MEMORY = ItemFeature.DENSE + ItemFeature.REPEAT;
    private static final int FIRST_SEEN_MEMORY = ItemFeature.SEEN_COOCCURRENCE.column();

    /** The factor 1/ε of each feature from tables; see {@link ItemFeature#scale}. */
    static final float[] INVERSE_SCALES = inverseScales();

    private final HybridConfig config;
    private final ItemTables tables;
    /** The counts of live events that are added to the tables; null for none. */
    private final @Nullable LiveTables live;
    /** The slot of each item plus 1; 0 for an item without one. */
    private final int[] slots;

    private int[] items = new int[256];
    private int count;
    private int seenCount;
    private final RepeatFeatures repeats;
    private float[] memory = new float[256 * MEMORY];
    private final float[] gates = new float[Gate.values().length];
    /** In the current history, the number of last events that belong to the current visit. */
    private int visitEvents;

    /** True if the features of the current history use times. */
    private boolean timed;

    ItemFeatures(HybridConfig config, ItemTables tables) {
        this(config, tables, null);
    }

    ItemFeatures(HybridConfig config, ItemTables tables, @Nullable LiveTables live) {
        this.config = config;
        this.tables = tables;
        this.live = live;
        slots = new int[tables.popularity().length];
        repeats = new RepeatFeatures(config.visitGapMicros(), tables.repeats(), slots);
    }

    private static float[] inverseScales() {
        float[] scales = new float[MEMORY];
        for (ItemFeature feature : ItemFeature.values()) {
            if (feature.column() >= FIRST_MEMORY && feature.column() < FIRST_MEMORY + MEMORY) {
                scales[feature.column() - FIRST_MEMORY] = 1 / feature.scale();
            }
        }
        return scales;
    }

    /** Computes everything for a history, which becomes the current one. */
    void read(History history) {
        clear();
        int first = Math.max(0, history.size() - config.historyEvents());
        boolean times = history.hasTimes() && config.useTimes();
        long now = times && history.size() > 0 ? Math.max(history.now(), history.time(history.size() - 1)) : 0;
        int visit = times ? visitSize(history, first, now) : 0;
        visitEvents = visit;
        timed = times;
        double share = readSeen(history, first);
        if (config.useRepeats()) {
            repeats.read(history, first, times, now, visit, share);
        }
        if (config.useMemory()) {
            readMemory(history, times, visit);
        }
        if (live != null && config.usePopularity()) {
            for (int item : live.untrained()) {
                slot(item);
            }
        }
        readGates(history, first, times, now, visit, share);
    }

    private void clear() {
        for (int i = 0; i < count; i++) {
            slots[items[i]] = 0;
        }
        Arrays.fill(memory, 0, count * MEMORY, 0);
        count = 0;
        seenCount = 0;
    }

    /** The number of last events that belong to the visit at time {@code now}. */
    private int visitSize(History history, int first, long now) {
        int size = 0;
        long later = now;
        for (int i = history.size() - 1; i >= first && later - history.time(i) <= config.visitGapMicros(); i--) {
            later = history.time(i);
            size++;
        }
        return size;
    }

    /** Assigns a slot to each item of the history; returns the user's repeat share. */
    private double readSeen(History history, int first) {
        int n = history.size() - first;
        for (int i = history.size() - 1; i >= first; i--) {
            slot(history.item(i));
        }
        seenCount = count;
        repeats.reset(seenCount);
        return (n - seenCount + SHARE_PRIOR * tables.repeatShare()) / (n + SHARE_PRIOR);
    }

    private int slot(int item) {
        reserve(1);
        return slotOf(item) >= 0 ? slotOf(item) : newSlot(item);
    }

    /** Allocates space for {@code more} new slots, so that the arrays stay the same meanwhile. */
    private void reserve(int more) {
        if (count + more > items.length) {
            int larger = Math.max(2 * items.length, count + more);
            items = Arrays.copyOf(items, larger);
            memory = Arrays.copyOf(memory, larger * MEMORY);
        }
    }

    private int newSlot(int item) {
        int slot = count++;
        slots[item] = count;
        items[slot] = item;
        return slot;
    }

    private void readMemory(History history, boolean times, int visit) {
        int newest = history.size() - 1;
        int oldest = Math.max(0, history.size() - config.memoryEvents());
        double recent = 1;
        double lasting = 1;
        double transition = 1;
        double earlier = 1;
        for (int i = newest; i >= oldest; i--) {
            int item = history.item(i);
            boolean inVisit = newest - i < visit;
            addCooccurrences(item, recent, lasting, inVisit);
            double kept = live == null ? 1 : live.kept(item);
            if (transition >= MIN_WEIGHT) {
                addTransitions(item, kept * transition, inVisit);
            }
            if (i == newest) {
                add(tables.successions(), item, ItemFeature.SUCCESSION, kept);
            }
            if (live != null) {
                addLive(live, item, recent, lasting, transition, inVisit, i == newest);
            }
            if (times && !inVisit) {
                add(tables.nextVisits(), item, ItemFeature.NEXT_VISIT, earlier);
                earlier *= NEXT_VISIT_DECAY;
            }
            recent *= SHORT_DECAY;
            lasting *= LONG_DECAY;
            transition *= TRANSITION_DECAY;
        }
        float[] sums = memory;
        for (int row = 0; row < count * MEMORY; row += MEMORY) {
            for (int f = 0; f < MEMORY; f++) {
                sums[row + f] = FastLog.log1p(sums[row + f] * INVERSE_SCALES[f]);
            }
        }
    }

    private void addCooccurrences(int item, double recent, double lasting, boolean inVisit) {
        ItemLists lists = tables.cooccurrence();
        reserve(lists.lengthAtMost(item));
        float byRecent = (float) recent;
        float byLasting = (float) lasting;
        float byVisit = inVisit ? byRecent : 0;
        float[] sums = memory;
        for (ItemLists.Cursor related = lists.cursor(item); related.next(); ) {
            int other = related.item();
            float weight = related.weight();
            int slot = slots[other] - 1;
            int row = (slot < 0 ? newSlot(other) : slot) * MEMORY - FIRST_MEMORY;
            sums[row + ItemFeature.COOCCURRENCE.column()] += byRecent * weight;
            sums[row + ItemFeature.COOCCURRENCE_LONG.column()] += byLasting * weight;
            sums[row + ItemFeature.COOCCURRENCE_VISIT.column()] += byVisit * weight;
        }
    }

    private void addTransitions(int item, double decay, boolean inVisit) {
        ItemLists lists = tables.transitions();
        reserve(lists.lengthAtMost(item));
        float by = (float) decay;
        float byVisit = inVisit ? by : 0;
        float[] sums = memory;
        for (ItemLists.Cursor related = lists.cursor(item); related.next(); ) {
            int other = related.item();
            float weight = related.weight();
            int slot = slots[other] - 1;
            int row = (slot < 0 ? newSlot(other) : slot) * MEMORY - FIRST_MEMORY;
            sums[row + ItemFeature.TRANSITION.column()] += by * weight;
            sums[row + ItemFeature.TRANSITION_VISIT.column()] += byVisit * weight;
        }
    }

    private void addLive(
            LiveTables learned,
            int item,
            double recent,
            double lasting,
            double transition,
            boolean inVisit,
            boolean newest) {
        LearnedTables.Row together = learned.together(item);
        for (int n = 0; n < together.size(); n++) {
            int other = learned.index(together.numbers()[n]);
            if (other > 0 && other != item) {
                float weight = learned.cooccurrence(item, other, together.sums()[n]);
                int row = liveRow(other);
                memory[row + ItemFeature.COOCCURRENCE.column()] += (float) recent * weight;
                memory[row + ItemFeature.COOCCURRENCE_LONG.column()] += (float) lasting * weight;
                memory[row + ItemFeature.COOCCURRENCE_VISIT.column()] += inVisit ? (float) recent * weight : 0;
            }
        }
        if (transition >= MIN_WEIGHT) {
            LearnedTables.Row transitions = learned.transitions(item);
            for (int n = 0; n < transitions.size(); n++) {
                int other = learned.index(transitions.numbers()[n]);
                if (other > 0) {
                    float weight = (float) transition
                            * learned.transition(item, transitions.sums()[n]);
                    int row = liveRow(other);
                    memory[row + ItemFeature.TRANSITION.column()] += weight;
                    memory[row + ItemFeature.TRANSITION_VISIT.column()] += inVisit ? weight : 0;
                }
            }
        }
        if (newest) {
            LearnedTables.Row successions = learned.successions(item);
            for (int n = 0; n < successions.size(); n++) {
                int other = learned.index(successions.numbers()[n]);
                if (other > 0) {
                    int row = liveRow(other);
                    memory[row + ItemFeature.SUCCESSION.column()] +=
                            learned.succession(item, successions.sums()[n]);
                }
            }
        }
    }

    /** The offset of an item's features from tables. The item gets a slot if it has none. */
    private int liveRow(int item) {
        return slot(item) * MEMORY - FIRST_MEMORY;
    }

    private void add(ItemLists lists, int item, ItemFeature feature, double decay) {
        reserve(lists.lengthAtMost(item));
        float by = (float) decay;
        float[] sums = memory;
        int at = feature.column() - FIRST_MEMORY;
        for (ItemLists.Cursor related = lists.cursor(item); related.next(); ) {
            int other = related.item();
            float weight = related.weight();
            int slot = slots[other] - 1;
            sums[(slot < 0 ? newSlot(other) : slot) * MEMORY + at] += by * weight;
        }
    }

    private void readGates(History history, int first, boolean times, long now, int visit, double share) {
        int n = history.size() - first;
        gates[Gate.ONE.column()] = 1;
        gates[Gate.LENGTH.column()] = (float) (Math.log1p(n) - 2);
        gates[Gate.VISIT_SIZE.column()] = times ? (float) Math.log1p(visit) : 0;
        gates[Gate.NEW_VISIT.column()] = times && visit == 0 ? 1 : 0;
        long last = times && n > 0 ? history.time(history.size() - 1 - Math.min(visit, n - 1)) : now;
        gates[Gate.GAP.column()] = times ? (float) (Math.log1p(Math.max(0, now - last) / HOUR) / 4) : 0;
        gates[Gate.REPEAT_SHARE.column()] = (float) (share - tables.repeatShare());
        float support = n > 0 ? tables.popularity()[history.item(history.size() - 1)] : 0;
        gates[Gate.SUPPORT.column()] = support / 3 - 1;
    }

    /** The gates of the current history; not a copy. */
    float[] gates() {
        return gates;
    }

    /** The number of items with a slot. */
    int count() {
        return count;
    }

    /** The item of each slot; not a copy. */
    int[] items() {
        return items;
    }

    /** Returns whether an item has a slot. */
    boolean contains(int item) {
        return slots[item] > 0;
    }

    /** The slot of an item; negative if it has none. */
    int slotOf(int item) {
        return slots[item] - 1;
    }

    HybridConfig config() {
        return config;
    }

    ItemTables tables() {
        return tables;
    }

    /** The counts of live events that are added to the tables; null for none. */
    @Nullable LiveTables live() {
        return live;
    }

    /** In the current history, the number of last events that belong to the current visit. */
    int visitEvents() {
        return visitEvents;
    }

    /** Returns whether the features of the current history use times. */
    boolean timed() {
        return timed;
    }

    /** The number of distinct items of the history, which have the first slots. */
    int seenCount() {
        return seenCount;
    }

    /**
     * Writes the sparse features of a slot to {@code out[offset + feature]}; {@link ItemFeature#SEEN_NETWORK} and the
     * {@link ItemFeature#DENSE} others are not written.
     */
    void write(int slot, float[] out, int offset) {
        Arrays.fill(out, offset + FIRST_REPEAT, offset + FIRST_MEMORY, 0);
        Arrays.fill(out, offset + ItemFeature.FOLLOWS.column(), offset + ItemFeature.SEEN_NETWORK.column(), 0);
        Arrays.fill(out, offset + ItemFeature.SEEN_POPULARITY.column(), offset + OutputWeights.FEATURES, 0);
        System.arraycopy(memory, slot * MEMORY, out, offset + FIRST_MEMORY, MEMORY);
        if (follows(slot)) {
            out[offset + ItemFeature.FOLLOWS.column()] = 1;
            out[offset + ItemFeature.FOLLOWS_POPULARITY.column()] = tables.popularity()[items[slot]];
        }
        if (slot < seenCount) {
            repeats.write(slot, out, offset);
            out[offset + ItemFeature.SEEN_POPULARITY.column()] = tables.popularity()[items[slot]];
            out[offset + ItemFeature.SEEN_FRESH_POPULARITY.column()] = tables.freshPopularity()[items[slot]];
            System.arraycopy(memory, slot * MEMORY, out, offset + FIRST_SEEN_MEMORY, MEMORY);
        }
    }

    /** Returns whether the item of a slot directly followed the last event's item. */
    private boolean follows(int slot) {
        return memory[slot * MEMORY + ItemFeature.SUCCESSION.column() - FIRST_MEMORY] > 0;
    }

    /** The sum of all table features of a slot: a rough measure of how closely the item is related to the history. */
    float relatedness(int slot) {
        float sum = 0;
        for (int f = 0; f < MEMORY; f++) {
            sum += memory[slot * MEMORY + f];
        }
        return sum;
    }

    /**
     * Computes the term that is added to the logit of each slot's item.
     *
     * @param weights the weight of each feature for this request
     * @param logits receives one term per slot
     */
    void addedLogits(float[] weights, float[] logits) {
        for (int slot = 0; slot < count; slot++) {
            logits[slot] = memoryLogit(weights, slot);
        }
        for (int slot = 0; slot < seenCount; slot++) {
            logits[slot] += repeatLogit(weights, slot);
        }
        if (live != null && config.usePopularity()) {
            for (int item : live.untrained()) {
                logits[slotOf(item)] += live.popularityLogit(weights, item);
            }
        }
    }

    /** The term of a slot's features from tables. */
    float memoryLogit(float[] weights, int slot) {
        float sum = 0;
        int row = slot * MEMORY;
        for (int f = 0; f < MEMORY; f++) {
            sum += weights[FIRST_MEMORY + f] * memory[row + f];
        }
        return sum + followsLogit(weights, slot);
    }

    /** The part of {@link #memoryLogit} for an item that directly followed the last event's item. */
    float followsLogit(float[] weights, int slot) {
        return follows(slot)
                ? weights[ItemFeature.FOLLOWS.column()]
                        + weights[ItemFeature.FOLLOWS_POPULARITY.column()] * tables.popularity()[items[slot]]
                : 0;
    }

    /** The term of a slot's features of the history, without the network's; only for items of the history. */
    float repeatLogit(float[] weights, int slot) {
        int item = items[slot];
        float sum = repeats.logit(weights, slot)
                + weights[ItemFeature.SEEN_POPULARITY.column()] * tables.popularity()[item]
                + weights[ItemFeature.SEEN_FRESH_POPULARITY.column()] * tables.freshPopularity()[item];
        int row = slot * MEMORY;
        for (int f = 0; f < MEMORY; f++) {
            sum += weights[FIRST_SEEN_MEMORY + f] * memory[row + f];
        }
        return sum;
    }
}
