package io.github.ttt4rec.client;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event: a user took an item.
 *
 * @param user the user
 * @param item the item
 * @param time its time; null for the time at which the server gets it
 * @param eventId an id of the user's own: an event that is sent again counts once
 * @param type what happened, such as {@code view}; null if it has no type
 * @param value a number that belongs to it, such as a rating; null without one
 */
public record Event(
        String user,
        String item,
        @Nullable Instant time,
        String eventId,
        @Nullable String type,
        @Nullable Double value) {
    /** An event without a type. */
    public Event(String user, String item, @Nullable Instant time, String eventId) {
        this(user, item, time, eventId, null, null);
    }

    /** An event of now with a new id. */
    public static Event of(String user, String item) {
        return new Event(user, item, null, UUID.randomUUID().toString());
    }

    /** This event with a type and perhaps a value. */
    public Event as(String newType, @Nullable Double newValue) {
        return new Event(user, item, time, eventId, newType, newValue);
    }
}
