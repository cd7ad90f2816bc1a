package io.github.ttt4rec.client;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event of a user.
 *
 * @param user the user
 * @param item the item
 * @param time its time; null for the time at which the server gets it
 * @param eventId an id of the user's own: an event that is sent again counts once
 */
public record Event(String user, String item, @Nullable Instant time, String eventId) {
    /** An event of now with a new id. */
    public static Event of(String user, String item) {
        return new Event(user, item, null, UUID.randomUUID().toString());
    }
}
