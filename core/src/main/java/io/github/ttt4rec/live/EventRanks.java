package io.github.ttt4rec.live;

/**
 * The ranks of an event's item among all items, from the user's earlier events; 1 is best, and ties count against the
 * item. An item that the model does not know has the rank {@link #MISS} by every method, because it could not have been
 * recommended.
 *
 * @param served the rank by the served model; by popularity if no event of the user was known
 * @param frozen the rank by the same model without learning in the fast weights; 0 for a model without fast weights
 * @param popular the rank by the number of events of each item, in training or counted since
 * @param known the number of the user's earlier events on known items, up to what the history policy keeps
 * @param untrained whether the item has no training events
 */
public record EventRanks(int served, int frozen, int popular, int known, boolean untrained) {
    /** The rank of an item that cannot be recommended. */
    public static final int MISS = Integer.MAX_VALUE;
}
