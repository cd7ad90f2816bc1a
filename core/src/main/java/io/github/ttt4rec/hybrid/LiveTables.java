package io.github.ttt4rec.hybrid;

import io.github.ttt4rec.internal.LearnedTables;
import java.util.stream.IntStream;

/**
 * Adds the live events of all users to the trained {@link ItemTables}, in the same units:
 *
 * <ul>
 * <li>Transitions and successions continue the trained ones: with n training events of h and m live ones, the trained
 * weight of h and v is multiplied by {@code (n + 5)/(n + m + 5)} and the live sum by {@code 1/(n + m + 5)}.
 * <li>Co-occurrence adds {@code u(h, v) / (√((n(h) + u(h)) (n(v) + u(v))) + 10)}, where u counts live users and n
 * training events, which are at least as many as training users.
 * <li>The popularity of an item without training events is computed from its live events, each as recent as an event at
 * the end of training.
 * </ul>
 *
 * <p>Visits, repeat rates and the popularity of other items stay as trained. Thread-safe.
 */
final class LiveTables {
    private final ItemTables tables;
    private final LearnedTables.View view;
    private final long[] training;
    private final int[] untrained;
    private final boolean fresh;

    /**
     * Combines trained tables with live counts.
     *
     * @param training the number of training events of each item, {@code V + 1}
     */
    LiveTables(ItemTables tables, LearnedTables.View view, long[] training) {
        this.tables = tables;
        this.view = view;
        this.training = training;
        untrained = IntStream.range(1, training.length)
                .filter(item -> training[item] == 0)
                .toArray();
        fresh = tables.areTimed();
    }

    /** The items without training events; not a copy. */
    int[] untrained() {
        return untrained;
    }

    boolean isUntrained(int item) {
        return training[item] == 0;
    }

    /** The factor for the trained transition and succession weights of an item. */
    double kept(int item) {
        double before = training[item] + ItemTables.TRANSITION_SHRINKAGE;
        return before / (before + view.events(item));
    }

    private double following(int item) {
        return training[item] + view.events(item) + ItemTables.TRANSITION_SHRINKAGE;
    }

    /** The index of an item by its number in the learned tables; 0 if it is not in this catalogue. */
    int index(int number) {
        return view.index(number);
    }

    LearnedTables.Row together(int item) {
        return view.together(item);
    }

    LearnedTables.Row transitions(int item) {
        return view.transitions(item);
    }

    LearnedTables.Row successions(int item) {
        return view.successions(item);
    }

    float transition(int item, int sum) {
        return (float) (sum / (LearnedTables.UNIT * following(item)));
    }

    float succession(int item, int sum) {
        return (float) (sum / following(item));
    }

    float cooccurrence(int item, int other, int users) {
        double both = (double) (training[item] + view.users(item)) * (training[other] + view.users(other));
        return (float) (users / (Math.sqrt(both) + ItemTables.SHRINKAGE));
    }

    /** The sum of an item in a row; 0 if the row does not have it. */
    int sum(LearnedTables.Row row, int item) {
        for (int i = 0; i < row.size(); i++) {
            if (view.index(row.numbers()[i]) == item) {
                return row.sums()[i];
            }
        }
        return 0;
    }

    /**
     * The logit of the popularity that follows from the live events of an item without training events, minus that of
     * its popularity in the tables.
     */
    float popularityLogit(float[] weights, int item) {
        int events = view.events(item);
        double logit = weights[ItemFeature.POPULARITY.column()] * (Math.log1p(events) - tables.popularity()[item]);
        if (fresh) {
            logit += weights[ItemFeature.FRESH_POPULARITY.column()]
                    * (Math.log(ItemTables.FRESH_FLOOR + events) - tables.freshPopularity()[item]);
        }
        return (float) logit;
    }
}
