package io.github.ttt4rec.recommend;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.model.SequenceState;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A fitted recommender under a history policy: it scores the whole catalogue after a history, for evaluation cases and for live
 * users. Immutable; any number of threads may use it, each with a {@link Scorer} or {@link Reader} of its own.
 */
public interface Recommender {
    /** The number of items V; scores are for item indices {@code 1..V}. */
    int itemCount();

    /** A scorer of evaluation cases for one thread, with buffers of its own. */
    Scorer newScorer();

    /** A reader of live users for one thread, with buffers of its own. */
    Reader newReader();

    /** The policy that it follows. */
    HistoryPolicy policy();

    /** The reason why it cannot follow {@code policy}, for people; empty if it can. */
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

    /** The position of the first event that it reads of a history of {@code n} events. */
    long start(long n);

    /**
     * The largest number of a user's last events that it reads: as many must be kept to answer for the user later. 0 if its lists
     * do not depend on the user, {@link Long#MAX_VALUE} if it reads all events.
     */
    long longestHistory();

    /** Returns whether its scores depend on the times of a history's events or of the request. */
    default boolean readsTimes() {
        return false;
    }

    /** The tensors that {@code model.safetensors} stores for it. */
    List<TensorData> tensors();

    /** The similarity of every item to {@code item}, by index {@code (V + 1)}; empty if it knows no similarity. */
    Optional<float[]> similarities(int item);

    /** The items that users had together with {@code item}, strongest first; empty if it has not counted any. */
    default Optional<Ranked> boughtTogether(int item) {
        return Optional.empty();
    }

    /** The cosines of items' vectors; empty if it has no vectors. */
    default Optional<Cosines> cosines() {
        return Optional.empty();
    }

    /** The cosine of two items' vectors. For any number of threads. */
    interface Cosines {
        /** From −1 to 1; 0 if one of the vectors is 0. Arguments are item indices {@code 1..V}. */
        float of(int item, int other);
    }

    /**
     * The terms of an item's score, which add up to it.
     *
     * @param network the network's logit with its weight, from the whole history
     * @param popularity what the item's popularity adds
     * @param repeat what it adds that the user had the item before
     * @param memory what the tables of related items add
     * @param causes the parts of {@code repeat} and {@code memory} by the history's items, largest first; they add up to both
     */
    record Explanation(float network, float popularity, float repeat, float memory, List<Cause> causes) {}

    /**
     * An item of a history that moved a score.
     *
     * @param item its index
     * @param logit what its events add to the score
     */
    record Cause(int item, float logit) {}

    /** Scores evaluation cases on one thread. */
    interface Scorer {
        /**
         * Scores every item for every case.
         *
         * @param block the cases
         * @param scores out, row-major {@code (block.size(), V + 1)}: column v holds item v's score; column 0 is undefined
         */
        void score(CaseBlock block, float[] scores);
    }

    /** Follows live users on one thread. Any reader of a recommender may serve any user. */
    interface Reader {
        /** The state of a user without events; empty if the recommender keeps none and reads a user's events for each list. */
        Optional<SequenceState> newState();

        /**
         * Consumes events and advances a user's state.
         *
         * @param state made by a reader of the same weights; nobody else may use it meanwhile
         * @param items item indices {@code 1..V}, oldest first, at least one
         * @return the query vector {@code (d)} after the last event; the caller's to keep
         * @throws IllegalArgumentException if an index is outside of {@code 1..V}, the state is then as it was; and if the
         *     recommender keeps no state
         */
        float[] append(SequenceState state, int... items);

        /** Returns whether a list for this query depends on the user's events; if not, popular items are the best list. */
        boolean isPersonal(Query query);

        /**
         * The best of the allowed items, best first; of equal ones the smaller index first.
         *
         * @param query with a query vector if the recommender keeps states
         * @param k the number of items wanted
         * @param allowed indices of the items that may be recommended
         */
        Ranked top(Query query, int k, BitSet allowed);

        /** The same list as {@link #top}, without making anything first that pays off only for many lists. */
        default Ranked topOnce(Query query, int k, BitSet allowed) {
            return top(query, k, allowed);
        }

        /** The score of every item by index {@code (V + 1)}, valid until the next call. */
        float[] score(Query query);

        /** The terms of some items' scores, in order; empty if the recommender's scores have no terms. */
        default List<Explanation> explain(Query query, int... items) {
            return List.of();
        }
    }
}
