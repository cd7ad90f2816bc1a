package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A first-order Markov chain, the maximum-likelihood estimate without smoothing: after item h, the score of item v is
 * the number of times that v directly followed h in the training part. Items that never followed h are ranked behind,
 * by popularity.
 */
public final class MarkovChain extends MemoryBasedRecommender {
    private static final String NEXT = "next";
    private static final String COUNTS = "counts";

    private final ItemOrder order;
    /** For each item, the items that followed it with their counts, most frequent first. */
    private final ItemRows followers;

    /** The settings of the type {@code markov}, which has none. */
    public record Config() implements MemoryBasedConfig {
        @Override
        public String type() {
            return "markov";
        }

        @Override
        public MarkovChain create(Split split) {
            return new MarkovChain(split);
        }

        @Override
        public MarkovChain load(TensorFile tables, int itemCount) {
            return new MarkovChain(ItemOrder.load(tables, itemCount), ItemRows.load(tables, NEXT, COUNTS, itemCount));
        }
    }

    private MarkovChain(ItemOrder order, ItemRows followers) {
        super(order.itemCount(), 1);
        this.order = order;
        this.followers = followers;
    }

    /** Counts the transitions in {@code split}'s training part, separately within each user's sequence. */
    public MarkovChain(Split split) {
        this(split, ItemOrder.of(split));
    }

    private MarkovChain(Split split, ItemOrder order) {
        this(order, count(split, order));
    }

    private static ItemRows count(Split split, ItemOrder order) {
        Dataset data = split.data();
        int items = data.itemCount();
        int[] starts = new int[items + 2];
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 1; p < split.trainingLength(user); p++) {
                starts[data.item(user, p - 1) + 1] += data.isTarget(user, p) ? 1 : 0;
            }
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] filled = Arrays.copyOf(starts, items + 1);
        int[] followers = new int[starts[items + 1]];
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 1; p < split.trainingLength(user); p++) {
                if (data.isTarget(user, p)) {
                    followers[filled[data.item(user, p - 1)]++] = data.item(user, p);
                }
            }
        }
        // The list of followers is replaced in place by the distinct ones, which are never more.
        int[] offsets = new int[items + 2];
        float[] frequencies = new float[followers.length];
        ItemOrder.Evidence evidence = order.new Evidence();
        for (int item = 1; item <= items; item++) {
            for (int i = starts[item]; i < starts[item + 1]; i++) {
                evidence.add(followers[i], 1);
            }
            int distinct = evidence.rank();
            System.arraycopy(evidence.items(), 0, followers, offsets[item], distinct);
            System.arraycopy(evidence.scores(), 0, frequencies, offsets[item], distinct);
            offsets[item + 1] = offsets[item] + distinct;
        }
        return new ItemRows(
                offsets, Arrays.copyOf(followers, offsets[items + 1]), Arrays.copyOf(frequencies, offsets[items + 1]));
    }

    @Override
    public List<TensorData> tensors() {
        List<TensorData> tensors = new ArrayList<>(followers.tensors(NEXT, COUNTS));
        tensors.add(order.tensor());
        return tensors;
    }

    @Override
    protected HistoryScorer newHistoryScorer() {
        return (history, out, offset) -> {
            // Item 0 has no followers.
            int last = history.size() == 0 ? 0 : history.item(history.size() - 1);
            order.write(
                    followers.items(),
                    followers.values(),
                    followers.offsets()[last],
                    followers.offsets()[last + 1],
                    out,
                    offset);
        };
    }
}
