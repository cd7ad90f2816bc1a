package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.internal.EventTokens;
import io.github.ttt4rec.model.SequenceState;
import io.github.ttt4rec.recommend.History;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Query;
import io.github.ttt4rec.recommend.Recommendations;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One live user. With a network, every {@link #append} advances the user's state at a cost that does not depend on the
 * number of earlier events, and {@link #recommend} scores with the result. The state lives as long as the session
 * (history policy {@code unbounded}), whereas {@link TrainedModel#recommend} follows the evaluated policy, the last
 * max_len items. A memory-based model reads the user's last events for each request. Not thread-safe: a call while another
 * thread's call runs throws {@link IllegalStateException}, if it is noticed. An argument that is null throws
 * {@link NullPointerException} with its name, a negative number of items {@link IllegalArgumentException}. A call that fails leaves the
 * session as it was.
 */
public final class Session {
    private final TrainedModel model;
    private final ModelReader reader;
    private final Optional<EventRoles> roles;
    private final @Nullable SequenceState state;
    private int[] items = new int[16];
    private long[] times = new long[16];
    private int events;
    /** The query vector after the last event; empty before the first event, and always if the model keeps no state. */
    private float[] vector = {};

    private final AtomicBoolean inUse = new AtomicBoolean();

    Session(TrainedModel model) {
        this.model = model;
        reader = model.newReader();
        roles = model.roles();
        state = reader.newState().orElse(null);
    }

    /** The number of events so far. */
    public long events() {
        return events;
    }

    /**
     * The model's state after the events so far. Callers must not modify it.
     *
     * @throws UserFacingException if the model keeps no state per user
     */
    public SequenceState state() {
        if (state == null) {
            throw model.keepsNoState();
        }
        return state;
    }

    /**
     * Appends an event on {@code item} at the current time.
     *
     * @throws UserFacingException if the model does not know the item
     */
    public void append(String item) {
        append(item, Instant.now());
    }

    /**
     * Appends an event on {@code item} at {@code time}.
     *
     * @throws UserFacingException if the model does not know the item
     */
    public void append(String item, Instant time) {
        append(item, time, 0);
    }

    /**
     * Appends an event of a type on {@code item} at {@code time}. Without a type, {@link #append(String, Instant)} appends
     * an event of the first target type.
     *
     * @param type the type; empty if the event has none
     * @param value the value; NaN if the event has none
     * @throws UserFacingException if the model does not know the item, or does not read events of this type
     */
    public void append(String item, Instant time, String type, double value) {
        Objects.requireNonNull(type, "type");
        EventRoles known = roles.orElseThrow(() -> new UserFacingException(
                "the model was trained without types of events; append \"" + item + "\" without a type"));
        EventRoles.Rule rule = known.of(type, value);
        if (rule == null) {
            throw new UserFacingException(known.unfit(type, value));
        }
        if (!rule.role().isRead()) {
            throw new UserFacingException("the type \"" + type + "\" is "
                    + rule.role().word() + " by the model's --types \"" + known + "\", so a session does not read it");
        }
        append(item, time, rule.kind());
    }

    private void append(String item, Instant time, int kind) {
        Objects.requireNonNull(item, "item");
        long at = micros(time);
        enter();
        try {
            append(item, at, kind);
        } finally {
            inUse.set(false);
        }
    }

    private void enter() {
        if (!inUse.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the session is in use by another thread; give each thread a session of its own");
        }
    }

    private void append(String item, long time, int kind) {
        int index = model.indexOf(item);
        int event = model.readsKinds() ? EventTokens.of(index, kind) : index;
        if (events == items.length) {
            items = Arrays.copyOf(items, 2 * events);
            times = Arrays.copyOf(times, 2 * events);
        }
        if (state != null && vector.length > 0) {
            reader.appendInto(state, vector, event);
        } else if (state != null) {
            vector = reader.append(state, event);
        }
        items[events] = index;
        times[events++] = time;
    }

    /** The microseconds since 1970. */
    static long micros(Instant time) {
        return Arguments.micros(time);
    }

    /** The k best next items; popular ones before the first event. */
    public Recommendations recommend(int k) {
        return recommend(k, ItemFilter.NONE);
    }

    /** The k best next items that the filter allows; popular ones before the first event. */
    public Recommendations recommend(int k, ItemFilter filter) {
        return recommend(k, filter, Instant.now());
    }

    /** The k best next items that the filter allows, for a request at {@code time}; popular ones before the first event. */
    public Recommendations recommend(int k, ItemFilter filter, Instant time) {
        Objects.requireNonNull(filter, "filter");
        enter();
        try {
            return reader.recommend(query(time), k, filter.allowed(model.items(), Arrays.copyOf(items, events)));
        } finally {
            inUse.set(false);
        }
    }

    /** The score of every item by index, {@code (V + 1)}, for a request now. The array is valid until the next call. */
    float[] score() {
        return score(Instant.now());
    }

    /**
     * The score of every item by index, {@code (V + 1)}, for a request at {@code time}. The array is valid until the
     * next call.
     */
    float[] score(Instant time) {
        return reader.score(query(time));
    }

    private Query query(Instant time) {
        return new Query(vector, new History(items, times, 0, events, micros(time)));
    }
}
