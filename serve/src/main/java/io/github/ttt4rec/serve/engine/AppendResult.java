package io.github.ttt4rec.serve.engine;

/**
 * The outcome of one appended event.
 *
 * @param status whether it was new, and known
 * @param position its place among the user's events, from 0; a duplicate's is that of the original
 * @param eventId the id it goes by, given or made; for the user alone
 */
public record AppendResult(Status status, long position, String eventId) {
    /** True if an event was new, and known. */
    public enum Status {
        /** Stored, and the user's fast weights have learned from it. */
        ACCEPTED,
        /** Stored and counted, but the model does not know the item and passes over it. */
        ACCEPTED_UNKNOWN_ITEM,
        /** Was stored before under this id: nothing changed. */
        DUPLICATE
    }
}
