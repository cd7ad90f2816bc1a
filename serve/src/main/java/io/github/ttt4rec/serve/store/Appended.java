package io.github.ttt4rec.serve.store;

/**
 * The position of a stored event.
 *
 * @param user the user's number in the store, which is never reused after the user is forgotten
 * @param position the event's position among the user's events, from 0; for a duplicate, the position of the original
 * @param eventId the event's id, from the client or made from the position
 * @param duplicate whether the event was already stored
 */
public record Appended(long user, long position, String eventId, boolean duplicate) {}
