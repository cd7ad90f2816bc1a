package io.github.ttt4rec.live;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.model.SequenceState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user's network state and the range of events that it has read. It is a cache: the kept events and the model
 * determine it, and {@link #read} brings it up to date, continuing it if possible. For a recommender without states it
 * holds only the number of events. Mutable; use by one thread at a time.
 */
public final class LiveState {
    private final long start;
    private final @Nullable SequenceState state;
    private ModelStamp stamp;
    private long next;
    private float[] vector;

    private LiveState(ModelStamp stamp, long start, long next, @Nullable SequenceState state, float[] vector) {
        this.stamp = stamp;
        this.start = start;
        this.next = next;
        this.state = state;
        this.vector = vector;
    }

    /**
     * Brings a user's state up to date with {@code items}. Continues {@code before} if it started at the position that
     * the policy requires; otherwise replays the events into a new state.
     *
     * @param reader a reader of the model, used only by this thread
     * @param before the user's state so far; null if there is none
     * @param first the position of the first kept event; all events that the policy reads must be kept
     * @param items the item indices of all kept events, or their tokens if {@link LiveModel#readsKinds}; 0 for unknown items
     */
    public static LiveState read(
            LiveModel model, ModelReader reader, @Nullable LiveState before, long first, int[] items) {
        long end = first + items.length;
        long start = Math.max(first, model.start(end));
        LiveState live = before != null && before.leadsTo(model, start, end)
                ? before
                : new LiveState(
                        model.stamp(true), start, start, reader.newState().orElse(null), new float[0]);
        int from = (int) (live.next - first);
        int[] known = LiveModel.known(items, from, items.length);
        if (live.state != null && known.length > 0) {
            live.vector = reader.append(live.state, known);
        }
        live.next = end;
        live.stamp = model.stamp(live.stamp.allKnown() && known.length == items.length - from);
        return live;
    }

    private boolean leadsTo(LiveModel model, long fromStart, long end) {
        return model.accepts(stamp) && start == fromStart && next <= end;
    }

    /** Returns whether the next event can continue this state: the policy must start reading at the same event. */
    public boolean isReusable(LiveModel model) {
        return state != null && model.start(next + 1) == start;
    }

    /** Returns whether the recommender keeps a state. */
    public boolean hasState() {
        return state != null;
    }

    /** The number of events read, including those on unknown items. */
    public long events() {
        return next - start;
    }

    /**
     * The query vector after the last event; empty if the recommender keeps no state or no known item was read. Callers
     * must not modify it.
     */
    public float[] vector() {
        return vector;
    }

    /** The memory of its arrays in bytes, without object headers. */
    public long bytes() {
        return (state == null ? 0 : state.bytes()) + (long) Float.BYTES * vector.length;
    }

    /** A copy for storage elsewhere, unaffected by later events; empty if the recommender keeps no state. */
    public Optional<SavedState> save() {
        return Optional.ofNullable(state).map(kept -> new SavedState(stamp, start, next, vector, kept.toBytes()));
    }

    /** Restores a stored state; null if the model cannot continue it, so that the events must be replayed. */
    public static @Nullable LiveState restore(LiveModel model, ModelReader reader, SavedState saved) {
        Optional<SequenceState> state = reader.newState();
        if (!model.accepts(saved.stamp()) || state.isEmpty()) {
            return null;
        }
        state.get().become(saved.state());
        return new LiveState(saved.stamp(), saved.start(), saved.next(), state.get(), saved.hidden());
    }
}
