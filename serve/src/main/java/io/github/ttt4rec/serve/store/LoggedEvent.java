package io.github.ttt4rec.serve.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a store that is read as a log.
 *
 * @param user the user's id
 * @param item the item's id
 * @param time when, as the client said
 * @param eventId the client's id of the event; null if it gave none
 * @param type what happened
 */
public record LoggedEvent(
        String user, String item, Instant time, @Nullable String eventId, EventType type) {}
