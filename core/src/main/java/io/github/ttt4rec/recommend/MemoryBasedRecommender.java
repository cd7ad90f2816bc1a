package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.model.SequenceState;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A recommender that computes scores from tables and the last events of a history, without a network. It keeps no state
 * per user: it reads the user's events for each request, under the policy {@code WINDOW}. A subclass provides the
 * tables, the length of the window and a {@link HistoryScorer}.
 */
public abstract class MemoryBasedRecommender implements Recommender {
    private static final int MAX_TOGETHER = 100;

    private final int itemCount;
    private final int window;

    /** Scores one history at a time, on one thread. */
    @FunctionalInterface
    public interface HistoryScorer {
        /**
         * Scores every item.
         *
         * @param history any number of events, possibly none
         * @param out receives the scores: {@code out[offset + v]} is item v's; {@code out[offset]} is undefined
         */
        void score(History history, float[] out, int offset);
    }

    /**
     * A recommender for V = {@code itemCount} items.
     *
     * @param window the number of last events that it reads; 0 if its scores do not depend on the user
     */
    protected MemoryBasedRecommender(int itemCount, int window) {
        this.itemCount = itemCount;
        this.window = window;
    }

    /**
     * Restores the recommender of {@code config} from its {@link #tensors}, including added items.
     *
     * @param itemCount the number of items V of the catalogue, including added ones
     * @throws UserFacingException naming a table that is missing, damaged or made for another catalogue
     */
    public static MemoryBasedRecommender load(MemoryBasedConfig config, TensorFile tables, int itemCount) {
        return ExtendedRecommender.read(config, tables, itemCount);
    }

    /** A scorer of histories for one thread, with its own buffers. */
    protected abstract HistoryScorer newHistoryScorer();

    /** Its tables under the names that {@link MemoryBasedConfig#load} reads. */
    @Override
    public abstract List<TensorData> tensors();

    @Override
    public final int itemCount() {
        return itemCount;
    }

    @Override
    public final HistoryPolicy policy() {
        return HistoryPolicy.WINDOW;
    }

    @Override
    public final Optional<String> refusal(HistoryPolicy policy) {
        return policy == HistoryPolicy.WINDOW
                ? Optional.empty()
                : Optional.of("it keeps no state that another policy could carry on; it reads "
                        + (window == 0 ? "no events of a user" : "the " + HistoryPolicy.WINDOW.describe(window)));
    }

    @Override
    public final MemoryBasedRecommender withPolicy(HistoryPolicy policy) {
        refusal(policy).ifPresent(reason -> {
            throw new UserFacingException(reason);
        });
        return this;
    }

    @Override
    public final long start(long n) {
        return Math.max(0, n - window);
    }

    @Override
    public boolean readsTimes() {
        return false;
    }

    @Override
    public final long longestHistory() {
        return window;
    }

    /**
     * This recommender for a larger catalogue: new item number i, from 0, has index {@code V + 1 + i}. Its score is the
     * mean of the scores of the items it is similar to, and an event on it counts as an event on the first of these.
     *
     * @param similar the indices of each new item's similar items, at least one; these may include new items before it
     */
    public final MemoryBasedRecommender withItems(List<int[]> similar) {
        return new ExtendedRecommender(this, similar);
    }

    /** The scores after a history of that item alone; empty if scores do not depend on the user. */
    @Override
    public Optional<float[]> similarities(int item) {
        if (window == 0) {
            return Optional.empty();
        }
        float[] scores = new float[itemCount + 1];
        newHistoryScorer().score(History.of(item), scores, 0);
        return Optional.of(scores);
    }

    /** The items with a positive score after a history of that item alone. */
    @Override
    public Optional<Ranked> boughtTogether(int item) {
        return similarities(item).map(scores -> {
            BitSet scored = new BitSet(scores.length);
            for (int other = 1; other < scores.length; other++) {
                scored.set(other, scores[other] > 0 && other != item);
            }
            return ExactScan.select(scores, scored, MAX_TOGETHER);
        });
    }

    @Override
    public Scorer newScorer() {
        HistoryScorer scorer = newHistoryScorer();
        return (block, scores) -> {
            for (int i = 0; i < block.size(); i++) {
                scorer.score(block.history(i), scores, i * (itemCount + 1));
            }
        };
    }

    @Override
    public final Reader newReader() {
        return new TableReader();
    }

    private final class TableReader implements Reader {
        private final HistoryScorer scorer = newHistoryScorer();
        private final float[] scores = new float[itemCount + 1];

        @Override
        public Optional<SequenceState> newState() {
            return Optional.empty();
        }

        @Override
        public float[] append(SequenceState state, int... items) {
            throw new IllegalArgumentException("a memory-based recommender keeps no state");
        }

        @Override
        public void appendInto(SequenceState state, float[] vector, int... items) {
            throw new IllegalArgumentException("a memory-based recommender keeps no state");
        }

        @Override
        public boolean isPersonal(Query query) {
            return window > 0 && query.history().size() > 0;
        }

        @Override
        public Ranked top(Query query, int k, BitSet allowed) {
            return ExactScan.select(score(query), allowed, k);
        }

        @Override
        public float[] score(Query query) {
            scorer.score(query.history(), scores, 0);
            return scores;
        }
    }
}
