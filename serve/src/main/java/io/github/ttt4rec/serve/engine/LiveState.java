package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.model.SequenceState;

/** A user's fast weights. Mutable: only under the user's lock. */
final class LiveState {
    /** Objects, array headers, the key and the cache's own, on a 64-bit machine; measured. */
    private static final int OVERHEAD = 400;

    private final long user;
    private final long start;
    private final SequenceState state;
    private ModelStamp stamp;
    private long next;
    private float[] hidden = {};

    /** Has read nothing yet. */
    LiveState(ModelStamp stamp, long user, long start, SequenceState state) {
        this.stamp = stamp;
        this.user = user;
        this.start = start;
        this.state = state;
        next = start;
    }

    /** The model it was made with. */
    ModelStamp stamp() {
        return stamp;
    }

    /** The position of the next event to be read. */
    long next() {
        return next;
    }

    /** What scores the next item; empty as long as no known item was read. */
    float[] hidden() {
        return hidden;
    }

    /** Whether it is what reading these events would have come by. */
    boolean isOnTheWayTo(long end, long fromStart, long ofUser) {
        return user == ofUser && start == fromStart && next <= end;
    }

    /** Reads on up to position {@code end}: the known items of those events, in order. */
    void read(ModelSlot slot, int[] known, long end, boolean allKnown) {
        if (known.length > 0) {
            hidden = slot.append(state, known);
        }
        next = end;
        stamp = slot.stamp(allKnown && stamp.allKnown());
    }

    int bytes() {
        return (int) Math.min(Integer.MAX_VALUE, OVERHEAD + state.bytes() + (long) Float.BYTES * hidden.length);
    }
}
