package io.github.ttt4rec.model;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;

/**
 * A network that turns sequences of items into one vector for each position; the score of a next item v is the inner
 * product of that vector with row v of the output table. All is causal: a position depends on itself and those before it.
 */
public interface SequenceModel {
    /** What is learned. */
    ParameterSet parameters();

    /** The output table {@code (V + 1, d)}; row 0 is padding. */
    Parameter outputTable();

    /** The input table {@code (V + 1, d)}; row 0 is padding, zero and never trained. The output table where tied. */
    Parameter inputTable();

    /** The hidden size d. */
    default int hiddenSize() {
        return outputTable().extent(1);
    }

    /** The number of items V. */
    default int itemCount() {
        return outputTable().extent(0) - 1;
    }

    /** The vectors of all positions {@code (N, d)}. Where the tape records, dropout is on. */
    Tensor encode(Tape tape, SequenceBatch batch);

    /** The state before a user's first event. */
    SequenceState newState();

    /**
     * Consumes more of a user's events: the same vectors that {@link #encode} gives for these positions of the whole
     * sequence, at a cost that does not depend on what came before.
     *
     * @param items the events' item indices, at least one
     * @return {@code (items.length, d)}, valid until the tape is reset
     */
    Tensor append(Tape tape, SequenceState state, int... items);
}
