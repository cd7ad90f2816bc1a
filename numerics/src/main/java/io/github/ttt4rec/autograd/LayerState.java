package io.github.ttt4rec.autograd;

/**
 * A recurrent layer's state for one sequence between calls.
 *
 * @param <S> the type of the state itself
 */
public interface LayerState<S extends LayerState<S>> {
    /** An independent copy. */
    S copy();

    /** Its memory in bytes. */
    long bytes();

    /** Writes the state in the form that {@link #read} reads. */
    void write(StateOutput out);

    /** Replaces this state by one that the same layer wrote. */
    void read(StateInput in);
}
