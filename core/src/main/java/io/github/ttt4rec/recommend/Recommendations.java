package io.github.ttt4rec.recommend;

import java.util.AbstractList;
import java.util.List;

/** A list of recommendations, best first, that says what it rests on. Immutable. */
public final class Recommendations extends AbstractList<Recommendation> {
    private final List<Recommendation> items;
    private final Basis basis;

    /** The ground of a list. */
    public enum Basis {
        /** The user's own events. */
        PERSONAL,
        /** The popularity of the items: nothing is known of the user, or the recommender gives everybody the same list. */
        POPULARITY
    }

    /** A list on a basis. */
    public Recommendations(List<Recommendation> items, Basis basis) {
        this.items = List.copyOf(items);
        this.basis = basis;
    }

    /** The basis of the list: the user's events, or popularity alone. */
    public Basis basis() {
        return basis;
    }

    @Override
    public Recommendation get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }
}
