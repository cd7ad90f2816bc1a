package io.github.ttt4rec.api;

import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import io.github.ttt4rec.recommend.Recommender;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * One thread's workspace to read a model with: it advances users' states and turns queries into lists of items. It holds scratch
 * memory only, the buffers of a forward pass and, for {@link #score}, {@code 4·(V + 1)} bytes; everything about a user is in the
 * state, the query vector and the events. Any number of readers may read one model at once, each used by one thread at a time,
 * and any reader may serve any user.
 *
 * <pre>{@code
 * ModelReader reader = model.newReader();
 * SequenceState state = reader.newState().orElseThrow();
 * float[] vector = reader.append(state, 17, 4, 9);
 * List<Recommendation> next = reader.recommend(Query.of(vector), 10, ItemFilter.NONE.allowed(model.items()));
 * }</pre>
 */
public final class ModelReader {
    private final TrainedModel model;
    private final Recommender.Reader reader;

    ModelReader(TrainedModel model) {
        this.model = model;
        reader = model.recommender().newReader();
    }

    /** The model it reads. */
    public TrainedModel model() {
        return model;
    }

    /** The state of a user without events; empty if the model keeps none and reads a user's events for each list. */
    public Optional<SequenceState> newState() {
        return reader.newState();
    }

    /** Consumes events and advances a state; see {@link Recommender.Reader#append}. */
    public float[] append(SequenceState state, int... items) {
        return reader.append(state, items);
    }

    /** Returns whether a list for this query depends on the user's events. */
    public boolean isPersonal(Query query) {
        return reader.isPersonal(query);
    }

    /**
     * The k best of the allowed items, best first; of equal ones the smaller index first. If nothing is known of the user, these
     * are popular items.
     *
     * @param allowed indices of the items that may be recommended, such as {@link ItemFilter#allowed} gives
     */
    public Recommendations recommend(Query query, int k, BitSet allowed) {
        return list(query, k, allowed, false);
    }

    /** The same list, without making anything first that pays off only for many lists. */
    Recommendations recommendOnce(Query query, int k, BitSet allowed) {
        return list(query, k, allowed, true);
    }

    private Recommendations list(Query query, int k, BitSet allowed, boolean once) {
        boolean personal = reader.isPersonal(query);
        if (!personal && model.recommender().longestHistory() > 0) {
            return new Recommendations(model.mostPopular(k, allowed), Basis.POPULARITY);
        }
        Ranked best = once ? reader.topOnce(query, k, allowed) : reader.top(query, k, allowed);
        return new Recommendations(model.named(best), personal ? Basis.PERSONAL : Basis.POPULARITY);
    }

    /** The terms of some items' scores, in order; empty if the model's scores have no terms. */
    public List<Recommender.Explanation> explain(Query query, int... items) {
        return reader.explain(query, items);
    }

    /** The score of every item by index {@code (V + 1)}, valid until the next call. */
    public float[] score(Query query) {
        return reader.score(query);
    }
}
