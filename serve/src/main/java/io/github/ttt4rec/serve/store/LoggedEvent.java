package io.github.ttt4rec.serve.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a store, read as a log.
 *
 * @param user the user's id
 * @param item the item's id
 * @param time its time, as the client gave it
 * @param eventId the client's id of the event; null if it gave none
 * @param type what happened
 * @param context the circumstances
 */
public record LoggedEvent(
        String user, String item, Instant time, @Nullable String eventId, EventType type, EventContext context) {}
