package io.github.ttt4rec.recommend;

import java.util.AbstractList;
import java.util.List;

/** A list of recommendations, best first, and what it is based on. Immutable. */
public final class Recommendations extends AbstractList<Recommendation> {
    private final List<Recommendation> items;
    private final Basis basis;

    /** The evidence on which recommendations are based. */
    public enum Basis {
        /** The user's own events. */
        PERSONAL,
        /** The popularity of the items: nothing is known about the user, or the recommender treats all users alike. */
        POPULARITY,
        /** The popularity of the items within the context of a request, such as a country: nothing is known about the user. */
        CONTEXT,
        /** The item from which the user came, read like a history of one event: nothing else is known about the user. */
        REFERRER
    }

    public Recommendations(List<Recommendation> items, Basis basis) {
        this.items = List.copyOf(items);
        this.basis = basis;
    }

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
