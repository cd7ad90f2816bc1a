package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.model.SequenceState;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A fitted recommender under a history policy: it scores the whole catalogue after a history, for evaluation cases and
 * for live users. Immutable and thread-safe; each thread needs its own {@link Scorer} or {@link Reader}.
 */
public interface Recommender {
    /** V, the number of items; scores are for item indices {@code 1..V}. */
    int itemCount();

    /** A scorer of evaluation cases for one thread, with its own buffers. */
    Scorer newScorer();

    /** A reader of live users for one thread, with its own buffers. */
    Reader newReader();

    /** The history policy. */
    HistoryPolicy policy();

    /** The reason, for people, why it cannot follow {@code policy}; empty if it can. */
    Optional<String> refusal(HistoryPolicy policy);

    /** Returns whether it can follow {@code policy}. */
    default boolean supports(HistoryPolicy policy) {
        return refusal(policy).isEmpty();
    }

    /**
     * The same recommender under another policy.
     *
     * @throws UserFacingException with the {@link #refusal} if it cannot follow it
     */
    Recommender withPolicy(HistoryPolicy policy);

    /** The position of the first event that it reads in a history of {@code n} events. */
    long start(long n);

    /**
     * The largest number of a user's last events that it reads, which must be kept for later requests. 0 if its scores
     * do not depend on the user; {@link Long#MAX_VALUE} if it reads all events.
     */
    long longestHistory();

    /** Returns whether its scores depend on the times of a history's events or of the request. */
    boolean readsTimes();

    /** Returns whether it reads the kinds of events, so that live events are {@link EventTokens} with their kinds. */
    default boolean readsKinds() {
        return false;
    }

    /** The tensors to store in {@code model.safetensors}. */
    List<TensorData> tensors();

    /**
     * The similarity of every item to {@code item}, by index, {@code (V + 1)}; empty if the recommender has no measure
     * of similarity.
     */
    Optional<float[]> similarities(int item);

    /**
     * The items that users had together with {@code item}, strongest first; empty if the recommender does not count
     * them.
     */
    default Optional<Ranked> boughtTogether(int item) {
        return Optional.empty();
    }

    /** The cosines between item vectors; empty if the recommender has no vectors. */
    default Optional<Cosines> cosines() {
        return Optional.empty();
    }

    /** The cosine between two items' vectors. Thread-safe. */
    interface Cosines {
        /** The cosine, from −1 to 1; 0 if one of the vectors is 0. Arguments are item indices {@code 1..V}. */
        float of(int item, int other);
    }

    /**
     * The terms of an item's score, which add up to it.
     *
     * @param network the network's logit with its weight, from the whole history
     * @param popularity the term for the item's popularity
     * @param repeat the term for the user's earlier events on the item
     * @param memory the term from the tables of related items
     * @param causes the contributions of the history's items to {@code repeat} and {@code memory}, largest first; their
     *     sum is the sum of the two terms
     */
    record Explanation(float network, float popularity, float repeat, float memory, List<Cause> causes) {}

    /**
     * An item of a history that contributed to a score.
     *
     * @param item the item's index
     * @param logit the contribution of its events
     */
    record Cause(int item, float logit) {}

    /** Scores evaluation cases on one thread. */
    interface Scorer {
        /**
         * Scores every item for every case.
         *
         * @param block the cases
         * @param scores receives the scores, row-major {@code (block.size(), V + 1)}: column v holds item v's score;
         *     column 0 is undefined
         */
        void score(CaseBlock block, float[] scores);
    }

    /** Follows live users on one thread. Any reader of a recommender may serve any user. */
    interface Reader {
        /**
         * The state of a user without events; empty if the recommender keeps no states and reads a user's events for
         * each request.
         */
        Optional<SequenceState> newState();

        /**
         * Consumes events and advances a user's state.
         *
         * @param state a state made with the same weights; it must not be used concurrently
         * @param items item indices {@code 1..V}, or {@link EventTokens} if {@link #readsKinds}; oldest first, at least one
         * @return the query vector {@code (d)} after the last event; a new array
         * @throws IllegalArgumentException if an index is outside of {@code 1..V}, in which case the state is
         *     unchanged, or if the recommender keeps no states
         */
        float[] append(SequenceState state, int... items);

        /**
         * As {@link #append}, but writes the query vector into the caller's array, so that the call allocates nothing.
         *
         * @param vector receives the query vector {@code (d)} after the last event; unchanged if an exception is thrown
         * @throws IllegalArgumentException also if {@code vector} does not have d elements
         */
        void appendInto(SequenceState state, float[] vector, int... items);

        /**
         * Returns whether recommendations for this query depend on the user's events; if not, popular items are as
         * good.
         */
        boolean isPersonal(Query query);

        /**
         * The k best allowed items, best first; ties go to the smaller index.
         *
         * @param query the query, which must have a query vector if the recommender keeps states
         * @param k the number of items wanted
         * @param allowed indices of the items that may be recommended
         */
        Ranked top(Query query, int k, BitSet allowed);

        /** The same result as {@link #top}, without first building anything that only pays off over many calls. */
        default Ranked topOnce(Query query, int k, BitSet allowed) {
            return top(query, k, allowed);
        }

        /** The score of every item by index, {@code (V + 1)}. The array is valid until the next call. */
        float[] score(Query query);

        /**
         * The terms of the given items' scores, in the order of {@code items}; empty if the recommender's scores have
         * no terms.
         */
        default List<Explanation> explain(Query query, int... items) {
            return List.of();
        }
    }
}
