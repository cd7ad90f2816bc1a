package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.retrieval.Ranked;
import io.github.ttt4rec.retrieval.Request;
import io.github.ttt4rec.retrieval.Retriever;
import io.github.ttt4rec.retrieval.TopK;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Scores the catalogue for one request at a time, in full or only as far as the best items need it. For one thread.
 *
 * <p><b>The sparse search is exact.</b> The score of item v is {@code base(v) + added(v)}, both floats, added(v) being 0 without a
 * slot. Let N be the items with added(v) &lt; 0, and B the k best allowed items outside of N by base. An item outside of B and N with
 * added(v) = 0 is not better than any of B, whose scores are at least their bases; an item outside of N with added(v) &gt; 0 scores at
 * most the largest base of B + added(v), and rounding keeps this order. So the k best are among B, N and the items with
 * {@code B's largest base + added(v)} at least the k-th best score found so far.
 */
final class HybridLogits {
    private static final int AT_ONCE = 64;

    private final OutputTable output;
    private final OutputWeights weights;
    private final ItemFeatures features;
    private final float[] current = new float[OutputWeights.FEATURES];
    private final float[] query;
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
    }

    /** Reads a history; writes the query vector for the network's vector. */
    void read(History history, float[] vector, int offset, float[] to, int toOffset) {
        features.read(history);
        weights.at(features.gates(), current);
        output.query(vector, offset, current, to, toOffset);
        if (added.length < features.count()) {
            added = new float[2 * features.count()];
        }
        features.addedLogits(current, added);
    }

    /**
     * The additions to the logits of some items.
     *
     * @param items their indices
     * @param logits what is added to each
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

    /** The score of every item: {@code (V + 1)}. */
    void score(History history, float[] vector, float[] scores) {
        read(history, vector, 0, query, 0);
        output.score(1, query, scores);
        for (int slot = 0; slot < features.count(); slot++) {
            scores[features.items()[slot]] += added[slot];
        }
    }

    /** The k best of the allowed items, best first, of equal ones the smaller index first: as a full scoring gives them. */
    Ranked top(History history, float[] vector, int k, BitSet allowed, Retriever retriever) {
        read(history, vector, 0, query, 0);
        if (k <= 0) {
            return new Ranked(new int[0], new float[0]);
        }
        BitSet others = (BitSet) allowed.clone();
        for (int slot = 0; slot < features.count(); slot++) {
            if (!(added[slot] >= 0)) {
                others.clear(features.items()[slot]);
            }
        }
        Ranked base = retriever.top(new Request(query, k, others));
        TopK best = new TopK(k);
        for (int i = 0; i < base.size(); i++) {
            int item = base.items()[i];
            int slot = features.slotOf(item);
            best.offer(item, slot < 0 ? base.scores()[i] : base.scores()[i] + added[slot]);
            // It has its score; clearing it here keeps it from being offered again.
            others.clear(item);
        }
        float largest = base.size() == 0 ? Float.NEGATIVE_INFINITY : base.scores()[0];
        pendingCount = 0;
        for (int slot = 0; slot < features.count(); slot++) {
            int item = features.items()[slot];
            boolean lowered = !(added[slot] >= 0);
            if (lowered ? allowed.get(item) : others.get(item) && best.admits(largest + added[slot])) {
                add(item, added[slot], best);
            }
        }
        flush(best);
        return best.ranked();
    }

    /** The terms of some items' scores, in order. */
    List<Recommender.Explanation> explain(History history, float[] vector, int... items) {
        read(history, vector, 0, query, 0);
        float[] bases = new float[items.length];
        output.score(query, items, items.length, bases);
        List<Recommender.Explanation> explanations = new ArrayList<>(items.length);
        for (int i = 0; i < items.length; i++) {
            ItemFeatures.Parts parts = features.new Parts(current, items[i]);
            explanations.add(new Recommender.Explanation(
                    bases[i] - parts.popularity(),
                    parts.popularity(),
                    parts.repeat(),
                    parts.memory(),
                    parts.causes(history)));
        }
        return explanations;
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
