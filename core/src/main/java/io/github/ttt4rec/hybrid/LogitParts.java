package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.Recommender;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Explains an item's logit: its terms for the current history, and the contributions of the events to them. Not
 * thread-safe.
 */
final class LogitParts {
    private static final int MEMORY = ItemFeature.MEMORY;
    private static final int FIRST_MEMORY = ItemFeature.DENSE + ItemFeature.REPEAT;

    private final ItemFeatures features;
    private final HybridConfig config;
    private final ItemTables tables;
    private final @Nullable LiveTables live;
    private final float[] weights;
    private final int item;

    /**
     * Explains an item.
     *
     * @param features have read the history
     * @param weights the weight of each feature for this request
     */
    LogitParts(ItemFeatures features, float[] weights, int item) {
        this.features = features;
        config = features.config();
        tables = features.tables();
        live = features.live();
        this.weights = weights;
        this.item = item;
    }

    /** The term of both popularities. */
    float popularity() {
        return weights[ItemFeature.POPULARITY.column()] * tables.popularity()[item]
                + weights[ItemFeature.FRESH_POPULARITY.column()] * tables.freshPopularity()[item]
                + livePopularity();
    }

    /** The term for the live events of an item without training events. */
    float livePopularity() {
        return live == null || !config.usePopularity() || !live.isUntrained(item)
                ? 0
                : live.popularityLogit(weights, item);
    }

    /** The term of the features of items in the history, without the network's. */
    float repeat() {
        int slot = features.slotOf(item);
        return slot >= 0 && slot < features.seenCount() ? features.repeatLogit(weights, slot) : 0;
    }

    private float follows() {
        int slot = features.slotOf(item);
        return slot >= 0 ? features.followsLogit(weights, slot) : 0;
    }

    /** The term of the features from tables. */
    float memory() {
        int slot = features.slotOf(item);
        return slot >= 0 ? features.memoryLogit(weights, slot) : 0;
    }

    /**
     * The contributions of the history's items, largest first. A feature from tables is a function of a sum over
     * events, and each event gets its share of that sum. The repeat term belongs to the item itself.
     */
    List<Recommender.Cause> causes(History history) {
        Map<Integer, Float> byItem = new LinkedHashMap<>();
        if (repeat() != 0) {
            byItem.put(item, repeat());
        }
        if (config.useMemory()) {
            int events = Math.min(history.size(), config.memoryEvents());
            double[][] shares = shares(history, events);
            double[] factors = new double[MEMORY];
            for (int f = 0; f < MEMORY; f++) {
                double sum = 0;
                for (double[] share : shares) {
                    sum += share[f];
                }
                double logit = weights[FIRST_MEMORY + f] * FastLog.log1p((float) sum * ItemFeatures.INVERSE_SCALES[f]);
                factors[f] = sum > 0 ? logit / sum : 0;
            }
            for (int back = 0; back < events; back++) {
                double logit = back == 0 ? follows() : 0;
                for (int f = 0; f < MEMORY; f++) {
                    logit += factors[f] * shares[back][f];
                }
                if (logit != 0) {
                    byItem.merge(history.item(history.size() - 1 - back), (float) logit, Float::sum);
                }
            }
        }
        return byItem.entrySet().stream()
                .map(each -> new Recommender.Cause(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingDouble(Recommender.Cause::logit)
                        .reversed()
                        .thenComparingInt(Recommender.Cause::item))
                .toList();
    }

    /**
     * The summand of each event in the sum of each feature, the last event first, with the weights of
     * {@link ItemFeatures#read}.
     */
    private double[][] shares(History history, int events) {
        double[][] shares = new double[events][MEMORY];
        double recent = 1;
        double lasting = 1;
        double transition = 1;
        double earlier = 1;
        for (int back = 0; back < events; back++) {
            int from = history.item(history.size() - 1 - back);
            boolean inVisit = back < features.visitEvents();
            double together = tables.cooccurrence().weight(from, item) + liveCooccurrence(from);
            double kept = live == null ? 1 : live.kept(from);
            set(shares[back], ItemFeature.COOCCURRENCE, recent * together);
            set(shares[back], ItemFeature.COOCCURRENCE_LONG, lasting * together);
            set(shares[back], ItemFeature.COOCCURRENCE_VISIT, inVisit ? recent * together : 0);
            if (transition >= ItemFeatures.MIN_WEIGHT) {
                double followed = transition * (kept * tables.transitions().weight(from, item) + liveTransition(from));
                set(shares[back], ItemFeature.TRANSITION, followed);
                set(shares[back], ItemFeature.TRANSITION_VISIT, inVisit ? followed : 0);
            }
            if (back == 0) {
                set(
                        shares[back],
                        ItemFeature.SUCCESSION,
                        kept * tables.successions().weight(from, item) + liveSuccession(from));
            }
            if (features.timed() && !inVisit) {
                set(
                        shares[back],
                        ItemFeature.NEXT_VISIT,
                        earlier * tables.nextVisits().weight(from, item));
                earlier *= ItemFeatures.NEXT_VISIT_DECAY;
            }
            recent *= ItemFeatures.SHORT_DECAY;
            lasting *= ItemFeatures.LONG_DECAY;
            transition *= ItemFeatures.TRANSITION_DECAY;
        }
        return shares;
    }

    private double liveCooccurrence(int from) {
        int users = live == null || from == item ? 0 : live.sum(live.together(from), item);
        return live == null || users == 0 ? 0 : live.cooccurrence(from, item, users);
    }

    private double liveTransition(int from) {
        return live == null ? 0 : live.transition(from, live.sum(live.transitions(from), item));
    }

    private double liveSuccession(int from) {
        return live == null ? 0 : live.succession(from, live.sum(live.successions(from), item));
    }

    private static void set(double[] row, ItemFeature feature, double value) {
        row[feature.column() - FIRST_MEMORY] = value;
    }
}
