package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.Rule;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes one list under the rules of a scenario. The list is exact: it equals a walk down the ranking of the whole
 * catalogue that takes each item that every rule allows until k are found. Not thread-safe.
 *
 * <p><b>Boosts.</b> Items with the same boosts form a class. Within a class the order is that of the ranker, so the
 * best items of all classes contain the best items overall.
 *
 * <p><b>Quotas.</b> When a value has reached its limit, no further item with that value can be taken: its items leave
 * the candidates, and the walk continues with the best of the others.
 */
final class RuledList {
    private final SlotCatalogue catalogue;
    private final Ranker ranker;
    private final Scenario scenario;
    private final List<Rule.AtMost> quotas;
    /** The number of items taken by value, for each quota. */
    private final List<Map<String, Integer>> taken = new ArrayList<>();

    private final boolean counting;
    /** The number of items that each rule removed, by its name; empty if they are not counted. */
    private final Map<String, Integer> leftOut = new LinkedHashMap<>();

    private @Nullable String emptiedBy;

    /** Ranks items. */
    interface Ranker {
        /** Returns the best of the allowed items, best first; the smaller index wins ties. */
        List<Recommendation> top(int k, BitSet allowed);

        /**
         * Returns the score of an item whose probability is multiplied by {@code factor}. This is for scores that are
         * not logarithms: factors above 1 raise them, factors below 1 lower them.
         */
        default float boosted(float score, double factor) {
            return (float) (score >= 0 ? score * factor : score / factor);
        }
    }

    /**
     * The list.
     *
     * @param items the items in order, with boosted scores
     * @param pinned the items whose places a rule fixed
     * @param emptiedBy the name of the rule that left no item; null if there are items, or if there were none before
     *     the rules
     * @param leftOut the number of items that each rule removed; empty if they were not counted
     */
    record Result(
            List<Recommendation> items,
            Set<String> pinned,
            @Nullable String emptiedBy,
            List<LeftOut> leftOut) {}

    /**
     * Creates a list.
     *
     * @param counting whether to count the items that each rule removes
     */
    RuledList(SlotCatalogue catalogue, Ranker ranker, Scenario scenario, boolean counting) {
        this.catalogue = catalogue;
        this.ranker = ranker;
        this.scenario = scenario;
        this.counting = counting;
        quotas = scenario.rules(Rule.AtMost.class);
        quotas.forEach(quota -> taken.add(new HashMap<>()));
    }

    /**
     * Makes the list of at most {@code k} of the candidates. Modifies the candidates.
     *
     * @param places the last place at which items are pinned
     */
    Result of(int k, int places, BitSet candidates) {
        restrict(candidates);
        NavigableMap<Integer, Recommendation> pins = pins(places, candidates);
        List<Recommendation> others = walk(k - pins.size(), candidates);
        List<Recommendation> list = new ArrayList<>(k);
        Set<String> pinned = new LinkedHashSet<>();
        for (Recommendation pin : pins.values()) {
            pinned.add(pin.item());
        }
        int next = 0;
        while (list.size() < k && (next < others.size() || !pins.isEmpty())) {
            // If the list is too short for a pinned item's place, the item is last.
            if (!pins.isEmpty() && (pins.firstKey() == list.size() + 1 || next == others.size())) {
                list.add(pins.pollFirstEntry().getValue());
            } else {
                list.add(others.get(next++));
            }
        }
        return new Result(
                list,
                pinned,
                emptiedBy,
                leftOut.entrySet().stream()
                        .map(each -> new LeftOut(each.getKey(), each.getValue()))
                        .toList());
    }

    private void restrict(BitSet candidates) {
        for (Rule rule : scenario.rules()) {
            boolean before = !candidates.isEmpty();
            int items = counting ? candidates.cardinality() : 0;
            switch (rule) {
                case Rule.Never never -> candidates.andNot(catalogue.matching(never.where()));
                case Rule.Only only -> candidates.and(catalogue.matching(only.where()));
                case Rule.Boost _, Rule.Pin _, Rule.AtMost _ -> {}
            }
            count(rule, items, candidates);
            if (before && candidates.isEmpty()) {
                emptiedBy = rule.name();
            }
        }
    }

    /** Counts the items that a rule removed from {@code before} candidates. */
    private void count(Rule rule, int before, BitSet candidates) {
        if (counting && candidates.cardinality() < before) {
            leftOut.merge(rule.name(), before - candidates.cardinality(), Integer::sum);
        }
    }

    /** Removes the pinned items from the candidates and returns them by place. */
    private NavigableMap<Integer, Recommendation> pins(int places, BitSet candidates) {
        NavigableMap<Integer, Recommendation> pins = new TreeMap<>();
        scenario.rules(Rule.Pin.class).stream()
                .filter(pin -> pin.place() <= places)
                .sorted(Comparator.comparingInt(Rule.Pin::place))
                .forEach(pin -> {
                    int index = catalogue.index(pin.item());
                    if (index != 0 && candidates.get(index)) {
                        BitSet only = new BitSet();
                        only.set(index);
                        best(1, only).forEach(item -> {
                            pins.put(pin.place(), item);
                            candidates.clear(index);
                            take(item.item(), candidates);
                        });
                    }
                });
        return pins;
    }

    private List<Recommendation> walk(int k, BitSet candidates) {
        List<Recommendation> list = new ArrayList<>();
        while (list.size() < k && !candidates.isEmpty()) {
            List<Recommendation> best = best(k - list.size(), candidates);
            if (best.isEmpty()) {
                break;
            }
            for (Recommendation item : best) {
                int index = catalogue.index(item.item());
                if (candidates.get(index)) {
                    list.add(item);
                    candidates.clear(index);
                    take(item.item(), candidates);
                }
            }
        }
        return list;
    }

    /** Counts an item for each quota. Removes the items of values that have reached their limit from the candidates. */
    private void take(String item, BitSet candidates) {
        ItemAttributes attributes = catalogue.catalogue().get(item);
        if (attributes == null) {
            return;
        }
        for (int q = 0; q < quotas.size(); q++) {
            Rule.AtMost quota = quotas.get(q);
            for (String value : values(attributes, quota)) {
                if (taken.get(q).merge(value, 1, Integer::sum) == quota.count()) {
                    int items = counting ? candidates.cardinality() : 0;
                    candidates.andNot(catalogue.matching(having(quota, value)));
                    count(quota, items, candidates);
                }
            }
        }
    }

    private static Set<String> values(ItemAttributes item, Rule.AtMost quota) {
        Set<String> values = new HashSet<>();
        switch (quota.per()) {
            case "category" -> {
                for (Category category : item.categories()) {
                    if (category.path().size() >= quota.level()) {
                        values.add(category.at(quota.level()).toString());
                    }
                }
            }
            case "label" -> values.addAll(item.labels());
            case "group" -> {
                if (item.group() != null) {
                    values.add(item.group());
                }
            }
            default -> {
                if (item.values().get(quota.per()) instanceof AttributeValue.Words words) {
                    values.addAll(words.words());
                }
            }
        }
        return values;
    }

    private static Expression having(Rule.AtMost quota, String value) {
        return quota.per().equals("category")
                ? new Expression.InCategory(Set.of(Category.parse(value)))
                : new Expression.HasWord(quota.per(), Set.of(value));
    }

    /** Candidates with a common boost factor. */
    private record BoostClass(BitSet items, double factor) {}

    private List<Recommendation> best(int k, BitSet candidates) {
        List<BoostClass> classes = List.of(new BoostClass(candidates, 1));
        for (Rule.Boost boost : scenario.rules(Rule.Boost.class)) {
            BitSet boosted = catalogue.matching(boost.where());
            List<BoostClass> finer = new ArrayList<>();
            for (BoostClass each : classes) {
                BitSet in = (BitSet) each.items.clone();
                in.and(boosted);
                BitSet out = (BitSet) each.items.clone();
                out.andNot(boosted);
                add(finer, in, each.factor * boost.factor());
                add(finer, out, each.factor);
            }
            classes = finer;
        }
        if (classes.size() == 1 && classes.getFirst().factor == 1) {
            return ranker.top(k, candidates);
        }
        List<Recommendation> merged = new ArrayList<>();
        for (BoostClass each : classes) {
            for (Recommendation item : ranker.top(k, each.items)) {
                merged.add(new Recommendation(item.item(), ranker.boosted(item.score(), each.factor)));
            }
        }
        merged.sort(Comparator.comparingDouble(Recommendation::score)
                .reversed()
                .thenComparingInt(item -> catalogue.index(item.item())));
        return merged.size() <= k ? merged : merged.subList(0, k);
    }

    private static void add(List<BoostClass> classes, BitSet items, double factor) {
        if (!items.isEmpty()) {
            classes.add(new BoostClass(items, factor));
        }
    }
}
