package io.github.ttt4rec.live;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.model.SequenceState;
import org.jspecify.annotations.Nullable;

/**
 * A user's fast weights, with what says which events they have read. A cache: the events kept and the model say what it must
 * be, and {@link #read} makes it so, by reading on where it can. Mutable, for one writer at a time.
 */
public final class LiveState {
    private final long start;
    private final SequenceState state;
    private ModelStamp stamp;
    private long next;
    private float[] hidden;

    private LiveState(ModelStamp stamp, long start, long next, SequenceState state, float[] hidden) {
        this.stamp = stamp;
        this.start = start;
        this.next = next;
        this.state = state;
        this.hidden = hidden;
    }

    /**
     * What the model makes of a user's events: {@code before}, which has then read what it had not, where it is on the way
     * there; otherwise a new one that has read all the policy says.
     *
     * @param reader one of the model's, used by this thread alone
     * @param before the user's state so far; null if there is none
     * @param first the position of the first event kept; those that the policy reads are kept
     * @param items the indices of all events kept, 0 if the model does not know the item
     */
    public static LiveState read(
            LiveModel model, ModelReader reader, @Nullable LiveState before, long first, int[] items) {
        long end = first + items.length;
        long start = Math.max(first, model.start(end));
        LiveState live = before != null && before.leadsTo(model, start, end)
                ? before
                : new LiveState(
                        model.stamp(true), start, start, model.model().network().newState(), new float[0]);
        int from = (int) (live.next - first);
        int[] known = LiveModel.known(items, from, items.length);
        if (known.length > 0) {
            live.hidden = reader.append(live.state, known);
        }
        live.next = end;
        live.stamp = model.stamp(live.stamp.allKnown() && known.length == items.length - from);
        return live;
    }

    private boolean leadsTo(LiveModel model, long fromStart, long end) {
        return model.accepts(stamp) && start == fromStart && next <= end;
    }

    /** Returns whether the next event is read from the same start, so that this is worth keeping. */
    public boolean goesOn(LiveModel model) {
        return model.start(next + 1) == start;
    }

    /** The number of events read, those of unknown items included. */
    public long events() {
        return next - start;
    }

    /** What scores the next item; empty as long as no known item was read. Never written to. */
    public float[] hidden() {
        return hidden;
    }

    /** The memory of its arrays, in bytes, without the headers of its few objects. */
    public long bytes() {
        return state.bytes() + (long) Float.BYTES * hidden.length;
    }

    /** Itself, to be kept elsewhere; it stays as it is when this one reads on. */
    public SavedState save() {
        return new SavedState(stamp, start, next, hidden, state.toBytes());
    }

    /** A state that was kept elsewhere; null if the model does not go on with it, so that it must be read again. */
    public static @Nullable LiveState restore(LiveModel model, SavedState saved) {
        if (!model.accepts(saved.stamp())) {
            return null;
        }
        SequenceState state = model.model().network().newState();
        state.become(saved.state());
        return new LiveState(saved.stamp(), saved.start(), saved.next(), state, saved.hidden());
    }
}
