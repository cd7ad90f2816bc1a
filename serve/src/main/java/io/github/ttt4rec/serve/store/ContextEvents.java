package io.github.ttt4rec.serve.store;

import java.util.List;

/**
 * A user's kept events that have a context.
 *
 * @param user the user's number in the store, which is never reused after the user is forgotten
 * @param events the events, oldest first, without their ids
 */
public record ContextEvents(long user, List<StoredEvent> events) {
    /** Copies {@code events}. */
    public ContextEvents {
        events = List.copyOf(events);
    }
}
