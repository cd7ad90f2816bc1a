package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.store.ShownItem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The items that are lowered in the lists of a user: those that the user was shown and did not take, as a scenario counts them, and
 * those of negative events.
 *
 * @param factors the factor of each demoted item's probability, by the item's index
 * @param capped the indices of items that are left out
 */
record Faded(Map<Integer, Double> factors, BitSet capped) {
    /** The name of this reason in answers that it leaves empty. */
    static final String IMPRESSIONS = "impressions";

    private static final double DAY = 86_400e6;

    /** Lowers nothing. */
    static final Faded NONE = new Faded(Map.of(), new BitSet());

    /** These factors and those of negative events; see {@link ReadEvents#lowered}. */
    Faded lowered(Map<Integer, Double> by) {
        if (by.isEmpty()) {
            return this;
        }
        Map<Integer, Double> all = new HashMap<>(factors);
        by.forEach((item, logarithm) -> all.merge(item, Math.exp(-logarithm), (one, other) -> one * other));
        return new Faded(all, capped);
    }

    /** Applies {@code rule} at the time {@code now}, in epoch microseconds. */
    static Faded of(List<ShownItem> shown, Scenario.Impressions rule, SlotCatalogue catalogue, long now) {
        Map<Integer, Double> factors = new HashMap<>();
        BitSet capped = new BitSet();
        for (ShownItem item : shown) {
            int index = catalogue.index(item.item());
            double days = Math.max(0, (now - item.timeMicros()) / DAY);
            if (index != 0 && rule.cap() > 0 && item.shown() >= rule.cap() && days < rule.capDays()) {
                capped.set(index);
            } else if (index != 0 && rule.fade() > 0) {
                double times = item.shown() * Math.pow(2, -days / rule.halfLifeDays());
                factors.put(index, Math.exp(-rule.fade() * times));
            }
        }
        return new Faded(factors, capped);
    }

    /**
     * Wraps a ranker so that it applies these factors. The result is exact: among the k + n best items, where n is the
     * number of demoted items, at least k are not demoted, and no item beyond them can be better than those.
     */
    RuledList.Ranker over(RuledList.Ranker ranker, SlotCatalogue catalogue) {
        if (factors.isEmpty()) {
            return ranker;
        }
        return new RuledList.Ranker() {
            @Override
            public List<Recommendation> top(int k, BitSet allowed) {
                int lowered =
                        (int) factors.keySet().stream().filter(allowed::get).count();
                List<Recommendation> best = ranker.top(k == 0 ? 0 : k + lowered, allowed);
                if (lowered == 0 || k == 0) {
                    return best;
                }
                List<Recommendation> list = new ArrayList<>(best.size());
                for (Recommendation item : best) {
                    Double factor = factors.get(catalogue.index(item.item()));
                    list.add(
                            factor == null
                                    ? item
                                    : new Recommendation(item.item(), ranker.boosted(item.score(), factor)));
                }
                list.sort(Comparator.comparingDouble(Recommendation::score)
                        .reversed()
                        .thenComparingInt(item -> catalogue.index(item.item())));
                return list.size() <= k ? list : list.subList(0, k);
            }

            @Override
            public float boosted(float score, double factor) {
                return ranker.boosted(score, factor);
            }
        };
    }
}
