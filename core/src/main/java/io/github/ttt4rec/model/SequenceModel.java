package io.github.ttt4rec.model;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.SelectRows;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.internal.EventTokens;

/**
 * A network that turns a sequence of items into a query vector for each position. The output layer turns a query vector into
 * the score of every item. Networks are causal unless {@link #objective()} says otherwise: a position depends on itself and
 * on earlier positions, and its vector scores the item after it.
 */
public interface SequenceModel {
    /** The learned parameters. The set is live: changing values changes the network. */
    ParameterSet parameters();

    /** The output table {@code (V + 1, d)}; row 0 is padding. Further rows may follow for tokens that are not items. */
    Parameter outputTable();

    /**
     * The input table {@code (V + 1, d)}; row 0 is padding, zero and never trained. If the two tables are tied, this is
     * the output table. Further rows may follow for tokens that are not items, such as a mask.
     */
    Parameter inputTable();

    /** The hidden size d. */
    default int hiddenSize() {
        return outputTable().extent(1);
    }

    /** The number of items V. */
    default int itemCount() {
        return outputTable().extent(0) - 1;
    }

    /** The layer that turns query vectors into scores, for inference and for every loss. */
    default OutputLayer outputLayer() {
        return new OutputLayer(outputTable(), itemCount() + 1, null);
    }

    /**
     * Returns whether the network reads the kinds of events. If so, the items of {@link #encode} and {@link #append} are
     * {@link EventTokens}; otherwise they are item indices.
     */
    default boolean readsKinds() {
        return false;
    }

    /** The prediction task. */
    default Objective objective() {
        return Objective.NEXT_ITEM;
    }

    /** The longest sequence, in tokens, that {@link #encode} accepts. */
    default int maxLength() {
        return Integer.MAX_VALUE;
    }

    /** The query vectors of all positions {@code (N, d)}. Dropout is on if the tape records. */
    Tensor encode(Tape tape, SequenceBatch batch);

    /** The state before a user's first event. */
    SequenceState newState();

    /**
     * Advances the state by the user's next events and returns the query vector after each. The vectors equal those that
     * {@link #encode} gives for the same positions of the whole sequence, at a cost that does not depend on the number of
     * earlier events. Networks with a {@link #maxLength()} read a window of the last items instead; see {@code baseline.WindowState}.
     *
     * @param items the events' item indices or {@link EventTokens}, at least one
     * @return {@code (items.length, d)}, valid until the tape is reset
     */
    Tensor append(Tape tape, SequenceState state, int... items);

    /**
     * Advances the state as {@link #append} does, but returns only the query vector {@code (1, d)} after the last event, valid
     * until the tape is reset. Networks that read a window for each event compute only the last one.
     */
    default Tensor advance(Tape tape, SequenceState state, int... items) {
        Tensor all = append(tape, state, items);
        return items.length == 1 ? all : SelectRows.apply(tape, all, new int[] {items.length - 1});
    }
}
