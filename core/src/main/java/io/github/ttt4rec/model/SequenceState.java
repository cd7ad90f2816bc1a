package io.github.ttt4rec.model;

/** What a model remembers of one user's sequence. Mutable, for one writer at a time. */
public interface SequenceState {
    /** An independent copy. */
    SequenceState copy();

    /** The number of events consumed. */
    long events();
}
