package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.internal.retrieval.Retriever;
import io.github.ttt4rec.internal.retrieval.TopK;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.Recommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Scores the catalogue for one request at a time, either in full or only as far as needed for the best items. Not
 * thread-safe.
 *
 * <p><b>The sparse search is exact.</b> The score of item v is {@code base(v) + added(v)}, both floats; {@code added}
 * is 0 for items without a slot. The search scores all allowed items with a slot, and then searches the other items for
 * the k best by base that reach the k-th best score so far, because an item that does not reach it is not among the k
 * best. This threshold also lets the search skip most of the catalogue.
 */
final class HybridLogits {
    private static final int AT_ONCE = 64;

    private final OutputTable output;
    private final OutputWeights weights;
    private final ItemFeatures features;
    private final float[] current = new float[OutputWeights.FEATURES];
    private final float[] query;
    /** The query vector of the additional term of the network's logit for items in the history. */
    private final float[] seenQuery;

    private float[] added = new float[256];

    private final int[] pending = new int[AT_ONCE];
    private final float[] pendingAdded = new float[AT_ONCE];
    private final float[] pendingScores = new float[AT_ONCE];
    private int pendingCount;

    HybridLogits(OutputTable output, OutputWeights weights, ItemFeatures features) {
        this.output = output;
        this.weights = weights;
        this.features = features;
        query = new float[output.size()];
        seenQuery = new float[output.size()];
    }

    /** Reads a history, and writes the query vector that belongs to the network's vector. */
    void read(History history, float[] vector, int offset, float[] to, int toOffset) {
        features.read(history);
        weights.at(features.gates(), current);
        output.query(vector, offset, current, to, toOffset);
        if (added.length < features.count()) {
            added = new float[2 * features.count()];
        }
        features.addedLogits(current, added);
        addSeenNetwork(vector, offset);
    }

    /** Adds the term of {@link ItemFeature#SEEN_NETWORK}, which all other features know nothing of. */
    private void addSeenNetwork(float[] vector, int offset) {
        float weight = current[ItemFeature.SEEN_NETWORK.column()];
        if (weight == 0) {
            return;
        }
        output.networkQuery(vector, offset, weight, seenQuery);
        int seen = features.seenCount();
        for (int from = 0; from < seen; from += AT_ONCE) {
            int n = Math.min(AT_ONCE, seen - from);
            System.arraycopy(features.items(), from, pending, 0, n);
            output.score(seenQuery, pending, n, pendingScores);
            for (int i = 0; i < n; i++) {
                added[from + i] += pendingScores[i];
            }
        }
    }

    /**
     * The terms added to the logits of some items.
     *
     * @param items the item indices
     * @param logits the sum of the terms added for each item
     */
    record Added(int[] items, float[] logits) {
        void addTo(float[] scores, int offset) {
            for (int i = 0; i < items.length; i++) {
                scores[offset + items[i]] += logits[i];
            }
        }
    }

    /** A copy of the terms that are added to the logits for the history read last. */
    Added added() {
        return new Added(Arrays.copyOf(features.items(), features.count()), Arrays.copyOf(added, features.count()));
    }

    /** The score of every item by index, {@code (V + 1)}. */
    void score(History history, float[] vector, float[] scores) {
        read(history, vector, 0, query, 0);
        output.score(1, query, scores);
        for (int slot = 0; slot < features.count(); slot++) {
            scores[features.items()[slot]] += added[slot];
        }
    }

    /** The k best allowed items, best first; ties go to the smaller index. The result equals that of a full scoring. */
    Ranked top(History history, float[] vector, int k, BitSet allowed, Retriever retriever) {
        read(history, vector, 0, query, 0);
        if (k <= 0) {
            return new Ranked(new int[0], new float[0]);
        }
        TopK best = new TopK(k);
        for (int slot = 0; slot < features.count(); slot++) {
            int item = features.items()[slot];
            if (allowed.get(item)) {
                add(item, added[slot], best);
            }
        }
        flush(best);
        Ranked base = retriever.top(new Request(query, k, allowed, features::contains, best.threshold()));
        for (int i = 0; i < base.size(); i++) {
            best.offer(base.items()[i], base.scores()[i]);
        }
        return best.ranked();
    }

    /** The terms of the given items' scores, in the order of {@code items}. */
    List<Recommender.Explanation> explain(History history, float[] vector, int... items) {
        read(history, vector, 0, query, 0);
        float[] bases = new float[items.length];
        output.score(query, items, items.length, bases);
        List<Recommender.Explanation> explanations = new ArrayList<>(items.length);
        for (int i = 0; i < items.length; i++) {
            LogitParts parts = new LogitParts(features, current, items[i]);
            explanations.add(new Recommender.Explanation(
                    bases[i] + seenNetwork(items[i]) - parts.popularity() + parts.livePopularity(),
                    parts.popularity(),
                    parts.repeat(),
                    parts.memory(),
                    parts.causes(history)));
        }
        return explanations;
    }

    /** The additional term of the network's logit if the item is in the history read last. */
    private float seenNetwork(int item) {
        int slot = features.slotOf(item);
        if (current[ItemFeature.SEEN_NETWORK.column()] == 0 || slot < 0 || slot >= features.seenCount()) {
            return 0;
        }
        pending[0] = item;
        output.score(seenQuery, pending, 1, pendingScores);
        return pendingScores[0];
    }

    private void add(int item, float more, TopK best) {
        if (pendingCount == AT_ONCE) {
            flush(best);
        }
        pending[pendingCount] = item;
        pendingAdded[pendingCount++] = more;
    }

    private void flush(TopK best) {
        output.score(query, pending, pendingCount, pendingScores);
        for (int i = 0; i < pendingCount; i++) {
            float score = pendingScores[i] + pendingAdded[i];
            if (best.admits(score)) {
                best.offer(pending[i], score);
            }
        }
        pendingCount = 0;
    }
}
