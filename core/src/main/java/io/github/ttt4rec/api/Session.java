package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceState;
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
    private final SequenceState state;
    private final Tape tape = Tape.forward();
    private final float[] hidden;
    private final float[] scores;
    private final BitSet seen = new BitSet();

    Session(TrainedModel model) {
        this.model = model;
        state = model.network().newState();
        hidden = new float[model.network().hiddenSize()];
        scores = new float[model.items().size() + 1];
    }

    /** The number of events so far. */
    public long events() {
        return state.events();
    }

    /** The model's state after the events so far; for reading. */
    public SequenceState state() {
        return state;
    }

    /** The user had {@code item}. Throws {@link UserFacingException} where the model does not know it. */
    public void append(String item) {
        Integer index = model.items().indexOf(item);
        if (index == null) {
            throw new UserFacingException("unknown item \"" + item + "\": it is not among the "
                    + model.items().size() + " items the model was trained with");
        }
        Tensor encoded = model.network().append(tape, state, index);
        System.arraycopy(encoded.data(), 0, hidden, 0, hidden.length);
        tape.reset();
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
        return TopItems.select(score(), filter.allowed(model.items(), seen), k, model.items());
    }

    /** The score of every item by index, valid until the next call. */
    float[] score() {
        model.network().outputLayer().score(1, hidden, scores);
        return scores;
    }
}
