package io.github.ttt4rec.live;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.model.SequenceState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user's network state and the events that it has read. It is a cache: the kept events and the model determine it, and {@link
 * #read} brings it up to date, by continuing it if possible. A recommender without a state has none; then only the number of
 * events is kept here. Mutable, for one writer at a time.
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
     * Brings a user's state up to date with {@code items}. Continues {@code before} if it started at the position that the policy
     * requires; otherwise replays the events into a new state.
     *
     * @param reader one of the model's, used by this thread alone
     * @param before the user's state so far; null if there is none
     * @param first the position of the first event kept; the events that the policy reads are kept
     * @param items the indices of all events kept, 0 for items that the model does not know
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

    /** Returns whether there is a state that the next event can continue: one that starts at the same event. */
    public boolean isReusable(LiveModel model) {
        return state != null && model.start(next + 1) == start;
    }

    /** Returns whether the recommender keeps a state. */
    public boolean hasState() {
        return state != null;
    }

    /** The number of events read, those of unknown items included. */
    public long events() {
        return next - start;
    }

    /** The query vector after the last event; empty if the recommender keeps no state or no known item was read. Read only. */
    public float[] vector() {
        return vector;
    }

    /** The memory of its arrays, in bytes, without the headers of its few objects. */
    public long bytes() {
        return (state == null ? 0 : state.bytes()) + (long) Float.BYTES * vector.length;
    }

    /** Itself, to be kept elsewhere, unaffected by later events; empty if the recommender keeps no state. */
    public Optional<SavedState> save() {
        return Optional.ofNullable(state).map(kept -> new SavedState(stamp, start, next, vector, kept.toBytes()));
    }

    /** A state that was kept elsewhere; null if the model cannot continue it, so that the events must be replayed. */
    public static @Nullable LiveState restore(LiveModel model, ModelReader reader, SavedState saved) {
        Optional<SequenceState> state = reader.newState();
        if (!model.accepts(saved.stamp()) || state.isEmpty()) {
            return null;
        }
        state.get().become(saved.state());
        return new LiveState(saved.stamp(), saved.start(), saved.next(), state.get(), saved.hidden());
    }
}
