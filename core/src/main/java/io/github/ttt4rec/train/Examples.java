package io.github.ttt4rec.train;

import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;

/**
 * Turns windows into training examples. Under every objective, a window yields as many targets as it has cases, so that
 * batches and losses are comparable between models. Random draws depend on the epoch, the user and the position only,
 * never on batch or thread.
 */
sealed interface Examples permits NextItemExamples, MaskedItemExamples {
    /**
     * The examples of one pass.
     *
     * @param batch the sequences
     * @param rows the tokens whose query vectors are trained, ascending
     * @param targets the item to predict at each of the rows
     * @param weights the factor of the loss of each of the rows; empty if all are 1
     */
    record Pass(SequenceBatch batch, int[] rows, int[] targets, float[] weights) {}

    /**
     * The examples for an objective; sequences have at most {@code maxLen} tokens.
     *
     * @param readKinds whether the network reads the kinds of events
     */
    static Examples of(Objective objective, TrainingWindows windows, int maxLen, boolean readKinds) {
        return switch (objective) {
            case Objective.NextItem causal -> new NextItemExamples(windows, readKinds);
            case Objective.MaskedItem masked -> new MaskedItemExamples(windows, maxLen, masked);
        };
    }

    /** The approximate number of tokens in a window's sequences, used to balance work. */
    int tokens(int window);

    /** The examples of some windows in one epoch. */
    Pass pass(int[] some, long epochSeed);
}
