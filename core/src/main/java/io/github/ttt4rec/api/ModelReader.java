package io.github.ttt4rec.api;

import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.retrieval.Request;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * One thread's workspace to read a model with: it carries users' states on, and turns the vectors it returns into lists.
 * What it holds is scratch memory only, the buffers of a forward pass and, for {@link #score}, {@code 4·(V + 1)} bytes;
 * everything about a user is in the state and the vector. So any number of readers may read one model at once, each used by one
 * thread at a time, and any reader may serve any user.
 *
 * <pre>{@code
 * ModelReader reader = model.newReader();
 * SequenceState state = model.network().newState();
 * float[] hidden = reader.append(state, 17, 4, 9);
 * List<Recommendation> next = reader.recommend(hidden, 10, ItemFilter.NONE.allowed(model.items(), new BitSet()));
 * }</pre>
 */
public final class ModelReader {
    /** Items that go through the network at once: their activations stay near the core, however long a history is. */
    private static final int ITEMS_AT_ONCE = 512;

    private final TrainedModel model;
    private final Tape tape = Tape.forward();
    /** Made when first asked for. */
    private float[] scores = {};

    ModelReader(TrainedModel model) {
        this.model = model;
    }

    /** The model it reads. */
    public TrainedModel model() {
        return model;
    }

    /**
     * Consumes events, one or a whole history at once, and advances the state.
     *
     * @param state of {@link TrainedModel#network()}'s kind; nobody else may use it meanwhile
     * @param items item indices {@code 1..V}, oldest first, at least one
     * @return the vector {@code (d)} that scores the item after the last; the caller's to keep
     * @throws IllegalArgumentException if an index is none of the model's; the state is then as it was
     */
    public float[] append(SequenceState state, int... items) {
        int known = model.items().size();
        for (int item : items) {
            if (item < 1 || item > known) {
                throw new IllegalArgumentException("item index " + item + " is not in 1.." + known);
            }
        }
        if (items.length == 0) {
            throw new IllegalArgumentException("no items to append");
        }
        float[] hidden = new float[model.network().hiddenSize()];
        for (int from = 0; from < items.length; from += ITEMS_AT_ONCE) {
            int[] some = Arrays.copyOfRange(items, from, Math.min(items.length, from + ITEMS_AT_ONCE));
            Tensor last = model.network().advance(tape, state, some);
            System.arraycopy(last.data(), 0, hidden, 0, hidden.length);
            tape.reset();
        }
        return hidden;
    }

    /**
     * The k best of the allowed items, best first; of equal ones the smaller index first.
     *
     * @param hidden what {@link #append} returned
     * @param allowed indices of the items that may be recommended, such as {@link ItemFilter#allowed} gives
     */
    public List<Recommendation> recommend(float[] hidden, int k, BitSet allowed) {
        return model.named(model.retriever().top(new Request(hidden, k, allowed)));
    }

    /** The score of every item by index {@code (V + 1)}, valid until the next call. */
    public float[] score(float[] hidden) {
        if (scores.length == 0) {
            scores = new float[model.items().size() + 1];
        }
        model.network().outputLayer().score(1, hidden, scores);
        return scores;
    }
}
