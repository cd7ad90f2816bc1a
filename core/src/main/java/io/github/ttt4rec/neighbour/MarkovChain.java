package io.github.ttt4rec.neighbour;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.Recommender;
import java.util.Arrays;

/**
 * A first-order Markov chain, the maximum-likelihood estimate without smoothing: after item h, the score of item v is how
 * often v directly followed h in the training part. Items that never did follow by popularity.
 */
public final class MarkovChain implements Recommender {
    private final ItemOrder order;
    /** The items that followed item h stand at {@code offsets[h] .. offsets[h + 1] - 1}, most frequent first. */
    private final int[] offsets;

    private final int[] next;
    private final float[] counts;

    /** Counts the transitions within {@code split}'s training part, each user's for themselves. */
    public MarkovChain(Split split) {
        Dataset data = split.data();
        order = ItemOrder.of(split);
        int items = data.itemCount();
        int[] starts = new int[items + 2];
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 1; p < split.trainingLength(user); p++) {
                starts[data.item(user, p - 1) + 1]++;
            }
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] filled = Arrays.copyOf(starts, items + 1);
        int[] followers = new int[starts[items + 1]];
        for (int user = 0; user < data.userCount(); user++) {
            for (int p = 1; p < split.trainingLength(user); p++) {
                followers[filled[data.item(user, p - 1)]++] = data.item(user, p);
            }
        }
        // Followers are replaced by distinct ones in place: there are never more of them.
        offsets = new int[items + 2];
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
        next = Arrays.copyOf(followers, offsets[items + 1]);
        counts = Arrays.copyOf(frequencies, offsets[items + 1]);
    }

    @Override
    public int itemCount() {
        return order.itemCount();
    }

    @Override
    public Scorer newScorer() {
        return (block, out) -> {
            for (int i = 0; i < block.size(); i++) {
                int last = block.data().item(block.users()[i], block.positions()[i] - 1);
                order.write(next, counts, offsets[last], offsets[last + 1], out, i * (itemCount() + 1));
            }
        };
    }
}
