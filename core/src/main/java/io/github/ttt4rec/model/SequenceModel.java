package io.github.ttt4rec.model;

import io.github.ttt4rec.autograd.OutputLayer;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.SelectRows;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;

/**
 * A network that turns sequences of items into one vector for each position, from which the output layer makes the score
 * of every item. Unless {@link #objective()} says otherwise all is causal: a position depends on itself and those before
 * it, and its vector scores the item after it.
 */
public interface SequenceModel {
    /** What is learned. */
    ParameterSet parameters();

    /** The output table {@code (V + 1, d)}; row 0 is padding. Rows beyond may follow that are no items. */
    Parameter outputTable();

    /**
     * The input table {@code (V + 1, d)}; row 0 is padding, zero and never trained. The output table where tied. Rows
     * beyond may follow that are no items, such as a mask token.
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

    /** What turns vectors into scores. All scoring and every loss goes through it. */
    default OutputLayer outputLayer() {
        return new OutputLayer(outputTable(), itemCount() + 1, null);
    }

    /** What it learns to predict. */
    default Objective objective() {
        return Objective.NEXT_ITEM;
    }

    /** The longest sequence {@link #encode} takes, in tokens. */
    default int maxLength() {
        return Integer.MAX_VALUE;
    }

    /** The vectors of all positions {@code (N, d)}. Where the tape records, dropout is on. */
    Tensor encode(Tape tape, SequenceBatch batch);

    /** The state before a user's first event. */
    SequenceState newState();

    /**
     * Consumes more of a user's events and returns the vectors that score the item after each: the same that {@link
     * #encode} gives for these positions of the whole sequence, at a cost that does not depend on what came before. Models
     * that have a {@link #maxLength()} read the window of the last items that they can take; see {@link WindowState}.
     *
     * @param items the events' item indices, at least one
     * @return {@code (items.length, d)}, valid until the tape is reset
     */
    Tensor append(Tape tape, SequenceState state, int... items);

    /**
     * Consumes events as {@link #append} does, and returns the vector after the last of them only {@code (1, d)}, valid
     * until the tape is reset. Models that read a window anew at each event spare the windows of the others.
     */
    default Tensor advance(Tape tape, SequenceState state, int... items) {
        Tensor all = append(tape, state, items);
        return items.length == 1 ? all : SelectRows.apply(tape, all, new int[] {items.length - 1});
    }
}
