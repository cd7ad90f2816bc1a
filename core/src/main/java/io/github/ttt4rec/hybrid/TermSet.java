package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.hybrid.OutputWeights.Term;

/** A set of terms that an output layer may consist of. Each set contains all terms of those before it. */
enum TermSet {
    /** Popularity of all time alone. */
    POPULARITY,
    /** In addition, fresh popularity. */
    FRESH_POPULARITY,
    /** In addition, the direct successions of the last item. */
    SUCCESSIONS,
    /** In addition, the other tables of related items. */
    MEMORY,
    /** In addition, the user's own repeats, which makes all terms except the network's and those by gates. */
    REPEATS,
    /** In addition, the network, which makes all terms except those by gates. */
    UNGATED,
    /** All terms. */
    ALL;

    boolean contains(Term term) {
        return this == ALL || (term.gate() == Gate.ONE && compareTo(first(term.feature())) >= 0);
    }

    /** The smallest set with a feature. */
    private static TermSet first(ItemFeature feature) {
        return switch (feature) {
            case POPULARITY -> POPULARITY;
            case FRESH_POPULARITY -> FRESH_POPULARITY;
            case SUCCESSION, FOLLOWS, FOLLOWS_POPULARITY -> SUCCESSIONS;
            case COOCCURRENCE, COOCCURRENCE_LONG, COOCCURRENCE_VISIT, TRANSITION, TRANSITION_VISIT, NEXT_VISIT ->
                MEMORY;
            case NETWORK, SEEN_NETWORK -> UNGATED;
            case SEEN,
                    LAST,
                    UP_TO_3_BACK,
                    UP_TO_10_BACK,
                    UP_TO_50_BACK,
                    LOG_BACK,
                    LOG_TIMES,
                    ITEM_REPEATS,
                    USER_REPEATS,
                    THIS_VISIT,
                    UP_TO_A_DAY,
                    UP_TO_A_WEEK,
                    UP_TO_A_MONTH,
                    UP_TO_A_QUARTER,
                    LOG_VISITS,
                    VISIT_RECENCY,
                    OWN_SUCCESSION,
                    OWN_NEXT,
                    SEEN_POPULARITY,
                    SEEN_FRESH_POPULARITY,
                    SEEN_COOCCURRENCE,
                    SEEN_COOCCURRENCE_LONG,
                    SEEN_COOCCURRENCE_VISIT,
                    SEEN_TRANSITION,
                    SEEN_TRANSITION_VISIT,
                    SEEN_SUCCESSION,
                    SEEN_NEXT_VISIT -> REPEATS;
        };
    }
}
