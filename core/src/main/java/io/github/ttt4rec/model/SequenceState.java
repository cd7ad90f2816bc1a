package io.github.ttt4rec.model;

import java.util.Optional;

/**
 * What a model remembers of one user's sequence. Mutable, for one writer at a time. It belongs to the weights it was made
 * with: a model with more items whose other weights are the same may carry it on.
 */
public interface SequenceState {
    /** An independent copy. */
    SequenceState copy();

    /** The number of events consumed. */
    long events();

    /** The memory of the arrays it holds, in bytes, without the headers of its few objects. */
    long bytes();

    /** What the last event did to the fast weights; empty before the first, and for networks without inner learning. */
    default Optional<InnerStep> lastStep() {
        return Optional.empty();
    }
}
