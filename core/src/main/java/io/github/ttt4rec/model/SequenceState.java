package io.github.ttt4rec.model;

import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
import java.util.Optional;

/**
 * A network's state for one user. Mutable; use by one thread at a time. A state can be continued only with the weights
 * that made it; in this sense, a network with added items still has the same weights.
 */
public interface SequenceState {
    /** An independent copy. */
    SequenceState copy();

    /** The number of events consumed. */
    long events();

    /** The memory of its arrays in bytes, without object headers. */
    long bytes();

    /** Writes the whole state in the form that {@link #read} reads. */
    void write(StateOutput out);

    /**
     * Replaces this state by one that the same network with the same weights wrote.
     *
     * @throws IllegalArgumentException if another kind of network wrote it; this state must then not be used
     */
    void read(StateInput in);

    /** The state as bytes; see {@link #become}. */
    default byte[] toBytes() {
        StateOutput out = new StateOutput((int) Math.min(bytes() + 64, Integer.MAX_VALUE - 8));
        write(out);
        return out.toBytes();
    }

    /** Replaces this state by one that {@link #toBytes} wrote; see {@link #read}. */
    default void become(byte[] bytes) {
        StateInput in = new StateInput(bytes);
        read(in);
        in.end();
    }

    /** The last event's effect on the fast weights; empty before the first event and for networks without inner learning. */
    default Optional<InnerStep> lastStep() {
        return Optional.empty();
    }
}
