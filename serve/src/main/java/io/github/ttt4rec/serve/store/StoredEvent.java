package io.github.ttt4rec.serve.store;

/**
 * A stored event.
 *
 * @param position its position among the user's events, from 0
 * @param item the item's id
 * @param timeMicros its time in epoch microseconds, as the client gave it
 * @param eventId the event's id
 * @param type what happened
 * @param context the circumstances
 */
public record StoredEvent(
        long position, String item, long timeMicros, String eventId, EventType type, EventContext context) {
    /** An event of no known type. */
    public StoredEvent(long position, String item, long timeMicros, String eventId) {
        this(position, item, timeMicros, eventId, EventType.NONE, EventContext.NONE);
    }
}
