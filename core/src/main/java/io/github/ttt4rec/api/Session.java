package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import java.util.BitSet;
import java.util.List;

/**
 * One user, live: every {@link #append} trains the fast weights by one step, at a cost that does not depend on what came
 * before, and {@link #recommend} reads the result. The state is carried on for as long as the session lives (the history
 * policy {@code unbounded}); {@link TrainedModel#recommend} is the evaluated policy, the last max_len items. Not for two
 * threads at once.
 */
public final class Session {
    private final TrainedModel model;
    private final ModelReader reader;
    private final SequenceState state;
    private final BitSet seen = new BitSet();
    /** What scores the next item; empty before the first event. */
    private float[] hidden = {};

    Session(TrainedModel model) {
        this.model = model;
        reader = model.newReader();
        state = model.network().newState();
    }

    /** The number of events so far. */
    public long events() {
        return state.events();
    }

    /** The model's state after the events so far; for reading. */
    public SequenceState state() {
        return state;
    }

    /** The user had {@code item}. Throws {@link UserFacingException} if the model does not know it. */
    public void append(String item) {
        int index = model.indexOf(item);
        hidden = reader.append(state, index);
        seen.set(index);
    }

    /** The k best next items. Throws {@link IllegalStateException} before the first event. */
    public List<Recommendation> recommend(int k) {
        return recommend(k, ItemFilter.NONE);
    }

    /** The k best next items that the filter allows. Throws {@link IllegalStateException} before the first event. */
    public List<Recommendation> recommend(int k, ItemFilter filter) {
        if (events() == 0) {
            throw new IllegalStateException("append an event before asking for recommendations");
        }
        return reader.recommend(hidden, k, filter.allowed(model.items(), seen));
    }

    /** The score of every item by index, valid until the next call. */
    float[] score() {
        return reader.score(hidden);
    }
}
