package io.github.ttt4rec.train;

import io.github.ttt4rec.model.Objective;
import io.github.ttt4rec.model.SequenceBatch;

/**
 * Turns windows into what a model trains on. Each window yields as many targets as it has cases, whatever the objective, so
 * that batches and losses of all models count alike. Everything random depends on the epoch, the user and the position
 * alone, never on batch or thread.
 */
sealed interface Examples permits NextItemExamples, MaskedItemExamples {
    /**
     * What one pass trains on.
     *
     * @param batch the sequences
     * @param rows the tokens whose vectors count, ascending
     * @param targets the item to predict at each of the rows
     */
    record Pass(SequenceBatch batch, int[] rows, int[] targets) {}

    /** The examples for an objective; sequences have at most {@code maxLen} tokens. */
    static Examples of(Objective objective, TrainingWindows windows, int maxLen) {
        return switch (objective) {
            case Objective.NextItem causal -> new NextItemExamples(windows);
            case Objective.MaskedItem masked -> new MaskedItemExamples(windows, maxLen, masked);
        };
    }

    /** About how many tokens a window's sequences have, to share work by. */
    int tokens(int window);

    /** The examples of some windows in one epoch. */
    Pass pass(int[] some, long epochSeed);
}
