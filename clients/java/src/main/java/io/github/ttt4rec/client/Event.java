package io.github.ttt4rec.client;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event: a user took an item.
 *
 * @param user the user
 * @param item the item
 * @param time the time of the event; null for the time at which the server receives it
 * @param eventId an id that is unique among the user's events; an event sent again under it counts once
 * @param type the type of the event, such as {@code view}; null if it has none
 * @param value a number such as a rating; null if there is none
 * @param context the circumstances, such as a country under {@code country}; empty if none are known
 */
public record Event(
        String user,
        String item,
        @Nullable Instant time,
        String eventId,
        @Nullable String type,
        @Nullable Double value,
        Map<String, String> context) {
    /** Copies {@code context}. */
    public Event {
        context = Map.copyOf(context);
    }

    /** Creates an event without a context. */
    public Event(
            String user,
            String item,
            @Nullable Instant time,
            String eventId,
            @Nullable String type,
            @Nullable Double value) {
        this(user, item, time, eventId, type, value, Map.of());
    }

    /** Creates an event without a type. */
    public Event(String user, String item, @Nullable Instant time, String eventId) {
        this(user, item, time, eventId, null, null);
    }

    /** Creates an event without a time and with a new random id. */
    public static Event of(String user, String item) {
        return new Event(user, item, null, UUID.randomUUID().toString());
    }

    /** Returns this event with a type and, optionally, a value. */
    public Event as(String newType, @Nullable Double newValue) {
        return new Event(user, item, time, eventId, newType, newValue, context);
    }

    /** Returns this event in a context, such as {@code Map.of("country", "DE", "referrer_item", "B00017")}. */
    public Event in(Map<String, String> newContext) {
        return new Event(user, item, time, eventId, type, value, newContext);
    }
}
