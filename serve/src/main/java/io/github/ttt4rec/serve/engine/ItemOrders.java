package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Orders of all items that do not depend on a user. An order is computed when it is needed and cached for {@link
 * #KEPT}, so that frequent requests cost nothing. Thread-safe.
 */
final class ItemOrders {
    /** The maximum age of an order. */
    static final Duration KEPT = Duration.ofSeconds(5);
    /** The total weight of the training counts, in stored events. */
    private static final double TRAINING_EVENTS = 100;

    private final ItemActivity activity;
    private final AtomicReference<Made> trending = new AtomicReference<>();
    private final AtomicReference<Made> popular = new AtomicReference<>();
    private final AtomicReference<Made> newest = new AtomicReference<>();

    private record Made(Ranked order, ModelSlot slot, long nanos) {}

    ItemOrders(ItemActivity activity) {
        this.activity = activity;
    }

    /**
     * Returns the items whose events have become more frequent, by {@link ItemActivity#growth}; leaves out items
     * without growth.
     */
    Ranked trending(ModelSlot slot) {
        return kept(trending, slot, this::byGrowth);
    }

    /**
     * Returns all items by their events of the last weeks, plus their share of the training events scaled to a total of
     * 100.
     */
    Ranked popular(ModelSlot slot) {
        return kept(popular, slot, this::byFrequency);
    }

    /**
     * Returns the items with {@code available_from}, the latest first, then those added to the model, the latest first.
     */
    Ranked newest(ModelSlot slot) {
        return kept(newest, slot, ItemOrders::byStart);
    }

    @SuppressWarnings("ReferenceEquality") // An order is valid for one slot only.
    private static Ranked kept(AtomicReference<Made> place, ModelSlot slot, Function<ModelSlot, Ranked> order) {
        Made known = place.get();
        long now = System.nanoTime();
        if (known == null || known.slot != slot || now - known.nanos > KEPT.toNanos()) {
            known = new Made(order.apply(slot), slot, now);
            place.set(known);
        }
        return known.order;
    }

    private Ranked byGrowth(ModelSlot slot) {
        float[] scores = new float[slot.model().items().size() + 1];
        activity.growth((item, growth) -> scores[slot.live().index(item)] = growth);
        return positive(scores);
    }

    private Ranked byFrequency(ModelSlot slot) {
        float[] scores = new float[slot.model().items().size() + 1];
        long[] trained = slot.model().popularity();
        double all = Arrays.stream(trained).sum();
        for (int item = 1; item < trained.length; item++) {
            scores[item] = (float) (all == 0 ? 0 : TRAINING_EVENTS * trained[item] / all);
        }
        activity.frequency((item, frequency) -> scores[slot.live().index(item)] += frequency);
        return positive(scores);
    }

    private static Ranked positive(float[] scores) {
        BitSet some = new BitSet(scores.length);
        for (int item = 1; item < scores.length; item++) {
            some.set(item, scores[item] > 0);
        }
        return ExactScan.select(scores, some, some.cardinality());
    }

    private static Ranked byStart(ModelSlot slot) {
        IdMap items = slot.model().items();
        List<String> added = slot.info().addedItems();
        long[] start = new long[items.size() + 1];
        for (int n = 0; n < added.size(); n++) {
            start[slot.live().index(added.get(n))] = Long.MIN_VALUE + 1 + n;
        }
        Arrays.fill(start, 0, 1, Long.MIN_VALUE);
        for (int item = 1; item < start.length; item++) {
            ItemAttributes attributes = slot.catalogue().catalogue().get(items.name(item));
            TimeWindow window = attributes == null ? null : attributes.window();
            if (window != null && window.hasFrom()) {
                start[item] = window.from();
            } else if (start[item] == 0) {
                start[item] = Long.MIN_VALUE;
            }
        }
        int[] order = IntStream.range(1, start.length)
                .filter(item -> start[item] != Long.MIN_VALUE)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(item -> start[item]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        return byRank(order);
    }

    /** Items in a given order, each with the score 1 / rank. */
    static Ranked byRank(int... order) {
        float[] scores = new float[order.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = 1f / (1 + i);
        }
        return new Ranked(order, scores);
    }
}
