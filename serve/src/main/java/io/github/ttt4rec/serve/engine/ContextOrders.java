package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.internal.ContextCounts;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Orders of all items by their popularity within a context; see {@link ContextCounts}. An order is computed when it is
 * needed and cached for {@link ItemOrders#KEPT}. Only the items with events in the context are sorted for each context:
 * the others keep the order of their overall popularity. Thread-safe.
 */
final class ContextOrders {
    /** The maximum number of places in cached orders of contexts; a place takes 9 bytes. */
    private static final long MAX_CACHED = 2_000_000;

    private volatile @Nullable Overall overall;

    /** The overall popularity of a model's items, and the orders of contexts that are based on it. */
    private static final class Overall {
        private final ModelSlot slot;
        private final ContextCounts counts;
        private final long nanos = System.nanoTime();
        private final ContextCounts.Overall shares;
        private final float[] scores;
        private final Ranked order;
        private final Map<List<String>, Within> within = new ConcurrentHashMap<>();
        private final AtomicLong cached = new AtomicLong();

        Overall(ModelSlot slot, ContextCounts counts) {
            this.slot = slot;
            this.counts = counts;
            shares = counts.overall(EventTime.nowMicros(), slot.model().popularity(), slot.live()::index);
            scores = new float[shares.shares().length];
            BitSet all = new BitSet(scores.length);
            all.set(1, scores.length);
            for (int v = 1; v < scores.length; v++) {
                scores[v] = (float) shares.shares()[v];
            }
            order = ExactScan.select(scores, all, scores.length - 1);
        }

        @SuppressWarnings("ReferenceEquality") // An order is valid for one slot and one set of counts only.
        boolean fits(ModelSlot other, ContextCounts otherCounts) {
            return slot == other && counts == otherCounts && System.nanoTime() - nanos <= ItemOrders.KEPT.toNanos();
        }

        Within within(List<String> contexts) {
            Within known = within.get(contexts);
            if (known == null) {
                known = new Within(this, counts.within(contexts, shares, slot.live()::index));
                if (cached.addAndGet(known.special.size()) <= MAX_CACHED) {
                    within.put(contexts, known);
                }
            }
            return known;
        }
    }

    /** Ranks items within a context: merges the order of those with events in it and the overall order. */
    private static final class Within implements RuledList.Ranker {
        private final Overall overall;
        private final Ranked special;
        private final BitSet isSpecial = new BitSet();
        private final double rest;

        Within(Overall overall, ContextCounts.Within within) {
            this.overall = overall;
            rest = within.rest();
            float[] scores = new float[overall.scores.length];
            for (int i = 0; i < within.items().length; i++) {
                isSpecial.set(within.items()[i]);
                scores[within.items()[i]] = (float) within.shares()[i];
            }
            special = ExactScan.select(scores, isSpecial, within.items().length);
        }

        @Override
        public List<Recommendation> top(int k, BitSet allowed) {
            List<Recommendation> best = new ArrayList<>();
            int own = 0;
            int other = 0;
            while (best.size() < k) {
                while (own < special.size() && !allowed.get(special.items()[own])) {
                    own++;
                }
                while (other < overall.order.size() && !isRest(overall.order.items()[other], allowed)) {
                    other++;
                }
                boolean hasOwn = own < special.size();
                boolean hasOther = other < overall.order.size();
                if (!hasOwn && !hasOther) {
                    break;
                }
                if (hasOwn && (!hasOther || isFirst(own, other))) {
                    best.add(item(special.items()[own], special.scores()[own]));
                    own++;
                } else {
                    best.add(item(overall.order.items()[other], score(other)));
                    other++;
                }
            }
            return best;
        }

        private boolean isRest(int item, BitSet allowed) {
            return allowed.get(item) && !isSpecial.get(item);
        }

        private boolean isFirst(int own, int other) {
            float difference = special.scores()[own] - score(other);
            return difference > 0
                    || (difference == 0 && special.items()[own] < overall.order.items()[other]);
        }

        private float score(int other) {
            return (float) (overall.order.scores()[other] * rest);
        }

        private Recommendation item(int index, float score) {
            return new Recommendation(overall.slot.model().items().name(index), score);
        }
    }

    /**
     * Returns a ranker of a model's items within a context.
     *
     * @param contexts contexts that have counts; see {@link ContextCounts#counted}
     */
    RuledList.Ranker ranker(ModelSlot slot, ContextCounts counts, List<String> contexts) {
        Overall known = overall;
        if (known == null || !known.fits(slot, counts)) {
            known = new Overall(slot, counts);
            overall = known;
        }
        return known.within(contexts);
    }
}
