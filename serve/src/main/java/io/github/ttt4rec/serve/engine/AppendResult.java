package io.github.ttt4rec.serve.engine;

/**
 * The outcome of one appended event.
 *
 * @param status whether the event was new, and whether the model knows the item
 * @param position the event's position among the user's events, from 0; for a duplicate, the position of the original
 * @param eventId the event's id, given by the client or generated; unique for the user
 */
public record AppendResult(Status status, long position, String eventId) {
    /** The status of an event: whether it was new, and whether the model knows the item. */
    public enum Status {
        /** Stored; the user's fast weights have learned from it. */
        ACCEPTED,
        /** Stored and counted, but ignored by the model, which does not know the item. */
        ACCEPTED_UNKNOWN_ITEM,
        /** Already stored under this id; nothing changed. */
        DUPLICATE
    }
}
