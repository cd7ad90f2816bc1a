package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.internal.EventRanks;

/**
 * An event that live quality ranked.
 *
 * @param number its number among all ranked events, from 1
 * @param user its user
 * @param position its position among the user's events, from 0
 * @param ranks the ranks of its item
 */
public record RankedEvent(long number, User user, long position, EventRanks ranks) {
    /**
     * A user.
     *
     * @param number the user's number in the store, which is never reused after the user is forgotten
     * @param id the user's id
     */
    public record User(long number, String id) {}
}
