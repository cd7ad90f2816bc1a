package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.live.ModelStamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events kept for a user, from which everything else can be rebuilt, and the query vector for the next item. It is
 * small: the fast weights are a separate state, because a request does not need them. Immutable; no code writes to the
 * arrays.
 *
 * @param first the position of the first event kept
 * @param items the ids of the items of all events kept, oldest first
 * @param eventIds the ids of these events; null if an event has none
 * @param times their times in epoch microseconds; {@link UserEvent#NO_TIME} if an event has none
 * @param types their types and values
 * @param latest the latest event time so far; {@link UserEvent#NO_TIME} if no event had one
 * @param stamp the stamp of the model that computed {@code hidden}
 * @param hidden the query vector after the last event; empty if the model keeps no state or knows none of the items
 *     read
 */
public record UserHistory(
        long first,
        List<String> items,
        List<@Nullable String> eventIds,
        long[] times,
        EventTypes types,
        long latest,
        ModelStamp stamp,
        float[] hidden) {
    private static final ModelStamp NO_MODEL = new ModelStamp(-1, 0, false);

    /** The empty history of an unknown user. */
    public static UserHistory empty() {
        return new UserHistory(
                0, List.of(), List.of(), new long[0], EventTypes.NONE, UserEvent.NO_TIME, NO_MODEL, new float[0]);
    }

    /** The number of events accepted so far, those no longer kept included. */
    public long events() {
        return first + items.size();
    }

    /** The times of the kept events; empty if any time is unknown. */
    public long[] knownTimes() {
        return Arrays.stream(times).anyMatch(time -> time == UserEvent.NO_TIME) ? new long[0] : times;
    }

    /** Returns whether an event with this id is among the kept events. */
    public boolean has(String eventId) {
        return eventIds.contains(eventId);
    }

    /** Returns whether an event's time is earlier than that of a previous event. */
    public boolean isLate(UserEvent event) {
        return event.time() != UserEvent.NO_TIME && event.time() < latest;
    }

    /** Appends an event and keeps the last {@code keep} events. */
    public UserHistory with(UserEvent event, long keep) {
        int drop = (int) Math.max(0, items.size() + 1 - keep);
        List<String> moreItems = new ArrayList<>(items.subList(drop, items.size()));
        moreItems.add(event.item());
        List<@Nullable String> moreIds = new ArrayList<>(eventIds.subList(drop, eventIds.size()));
        moreIds.add(event.eventId());
        long[] moreTimes = Arrays.copyOfRange(times, drop, times.length + 1);
        moreTimes[moreTimes.length - 1] = event.time();
        return new UserHistory(
                first + drop,
                moreItems,
                moreIds,
                moreTimes,
                types.with(items.size(), drop, event),
                Math.max(latest, event.time()),
                stamp,
                hidden);
    }

    /** Returns this history with another model's query vector. */
    public UserHistory read(ModelStamp by, float[] vector) {
        return new UserHistory(first, items, eventIds, times, types, latest, by, vector);
    }
}
