package io.github.ttt4rec.serve.store;

/**
 * An event that live quality ranked.
 *
 * @param number its number among all ranked events, from 1
 * @param user its user
 * @param position its position among the user's events, from 0
 * @param ranks the ranks of its item
 */
public record RankedEvent(long number, User user, long position, Ranks ranks) {
    /**
     * A user.
     *
     * @param number the user's number in the store, which is never reused after the user is forgotten
     * @param id the user's id
     */
    public record User(long number, String id) {}

    /**
     * The ranks of an item, 1 for the best.
     *
     * @param served by the model in use
     * @param frozen by the same model with frozen fast weights; 0 for a model without fast weights
     * @param popular by popularity
     * @param known the number of the user's earlier events on items that the model knew
     * @param untrained whether the item had no training events
     * @param firstDay whether the item's first event was less than a day before
     */
    public record Ranks(int served, int frozen, int popular, int known, boolean untrained, boolean firstDay) {}
}
