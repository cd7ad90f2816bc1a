package io.github.ttt4rec.model;

import io.github.ttt4rec.autograd.StateInput;
import io.github.ttt4rec.autograd.StateOutput;
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

    /** Writes all there is to it, for {@link #read}. */
    void write(StateOutput out);

    /**
     * Becomes a state that was written: for one of the same network with the same weights. {@link IllegalArgumentException}
     * where it is another network's; this one is then good for nothing.
     */
    void read(StateInput in);

    /** Itself as bytes; see {@link #become}. */
    default byte[] toBytes() {
        StateOutput out = new StateOutput((int) Math.min(bytes() + 64, Integer.MAX_VALUE - 8));
        write(out);
        return out.toBytes();
    }

    /** Becomes the state whose {@link #toBytes} these are; see {@link #read}. */
    default void become(byte[] bytes) {
        StateInput in = new StateInput(bytes);
        read(in);
        in.end();
    }

    /** What the last event did to the fast weights; empty before the first, and for networks without inner learning. */
    default Optional<InnerStep> lastStep() {
        return Optional.empty();
    }
}
