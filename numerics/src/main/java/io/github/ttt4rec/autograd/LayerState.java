package io.github.ttt4rec.autograd;

/**
 * A recurrent layer's state of one sequence between calls.
 *
 * @param <S> the state's own type
 */
public interface LayerState<S extends LayerState<S>> {
    /** An independent copy. */
    S copy();

    /** Its memory, in bytes. */
    long bytes();

    /** Writes what {@link #read} needs to go on exactly here. */
    void write(StateOutput out);

    /** Takes the place of a state of the same layer that was written. */
    void read(StateInput in);
}
