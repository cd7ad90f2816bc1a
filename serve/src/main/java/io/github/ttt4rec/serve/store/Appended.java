package io.github.ttt4rec.serve.store;

/**
 * The place of a stored event.
 *
 * @param user the store's own number of the user, which is never used again once the user is forgotten
 * @param position the event's place among the user's events, from 0; a duplicate's is that of the original
 * @param eventId the id it goes by, the client's or one made of the position
 * @param duplicate whether it was there before
 */
public record Appended(long user, long position, String eventId, boolean duplicate) {}
