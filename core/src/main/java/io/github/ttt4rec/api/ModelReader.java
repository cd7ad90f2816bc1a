package io.github.ttt4rec.api;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.retrieval.Ranked;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import io.github.ttt4rec.recommend.Recommender;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One thread's workspace for reading a model: advances users' states and turns queries into recommendations. It holds
 * only scratch memory, namely the buffers of a forward pass and, for {@link #score}, {@code 4·(V + 1)} bytes;
 * everything about a user is in the state, the query vector and the events. Each reader must be used by one thread at a
 * time. Any number of readers may share a model, and any reader may serve any user.
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
    /** The length of a query vector; 0 if the model has none. */
    private final int vectorSize;

    ModelReader(TrainedModel model) {
        this.model = model;
        reader = model.recommender().newReader();
        vectorSize =
                model.firstStage().map(stage -> stage.network().hiddenSize()).orElse(0);
    }

    public TrainedModel model() {
        return model;
    }

    /**
     * The state of a user without events; empty if the model keeps no state and reads a user's events for each request.
     */
    public Optional<SequenceState> newState() {
        return reader.newState();
    }

    /** Consumes events and advances a state; see {@link Recommender.Reader#append}. */
    public float[] append(SequenceState state, int... items) {
        return reader.append(state, items);
    }

    /** Consumes events without allocating anything; see {@link Recommender.Reader#appendInto}. */
    public void appendInto(SequenceState state, float[] vector, int... items) {
        reader.appendInto(state, vector, items);
    }

    /** Returns whether recommendations for this query depend on the user's events. */
    public boolean isPersonal(Query query) {
        return reader.isPersonal(query);
    }

    /**
     * The k best allowed items, best first; ties go to the smaller index. If nothing is known about the user, these are
     * popular items.
     *
     * @param k the number of items wanted; if there are fewer, all
     * @param allowed indices of the items that may be recommended, as {@link ItemFilter#allowed} gives them
     * @throws IllegalArgumentException if {@code k} is negative, or the query's vector is of another model
     */
    public Recommendations recommend(Query query, int k, BitSet allowed) {
        return list(query, k, allowed, false);
    }

    /** The same recommendations, without first building anything that only pays off over many calls. */
    Recommendations recommendOnce(Query query, int k, BitSet allowed) {
        return list(query, k, allowed, true);
    }

    private Recommendations list(Query query, int k, BitSet allowed, boolean once) {
        Arguments.requireCount(k);
        Objects.requireNonNull(allowed, "allowed");
        int length = Objects.requireNonNull(query, "query").vector().length;
        Ranges.require(
                length == 0 || vectorSize == 0 || length == vectorSize,
                "the query's vector has " + length + " elements, and those of this model have " + vectorSize);
        boolean personal = reader.isPersonal(query);
        if (!personal && model.recommender().longestHistory() > 0) {
            return new Recommendations(model.mostPopular(k, allowed), Basis.POPULARITY);
        }
        Ranked best = once ? reader.topOnce(query, k, allowed) : reader.top(query, k, allowed);
        return new Recommendations(model.named(best), personal ? Basis.PERSONAL : Basis.POPULARITY);
    }

    /**
     * The terms of the given items' scores, in the order of {@code items}; empty if the model's scores have no terms.
     *
     * @throws IllegalArgumentException if an index is not of this model
     */
    public List<Recommender.Explanation> explain(Query query, int... items) {
        for (int item : items) {
            Ranges.require(
                    item >= 1 && item <= model.items().size(),
                    "item index " + item + " is not in 1.." + model.items().size());
        }
        return reader.explain(query, items);
    }

    /** The score of every item by index, {@code (V + 1)}. The array is reused: it is valid until the next call. */
    public float[] score(Query query) {
        return reader.score(query);
    }
}
