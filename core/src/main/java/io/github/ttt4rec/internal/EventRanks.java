package io.github.ttt4rec.internal;

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
 * @param firstDay whether the item's first event, by any user, was earlier but less than a day ago
 */
public record EventRanks(int served, int frozen, int popular, int known, boolean untrained, boolean firstDay) {
    /** The rank of an item that cannot be recommended. */
    public static final int MISS = Integer.MAX_VALUE;

    private static final long DAY = 86_400_000_000L;

    /** The NDCG@10 of a rank. */
    public static double gain(int rank) {
        return rank > 10 ? 0 : Math.log(2) / Math.log(rank + 1.0);
    }

    /** The NDCG@10 of the served model's rank. */
    public double gain() {
        return gain(served);
    }

    /** Ranks without information on whether the item is on its first day. */
    public EventRanks(int served, int frozen, int popular, int known, boolean untrained) {
        this(served, frozen, popular, known, untrained, false);
    }

    /**
     * These ranks, with the information on whether the item is on its first day.
     *
     * @param time the time of the event in epoch microseconds
     * @param first the time of the item's first event by any user; {@link Long#MAX_VALUE} if there was none
     */
    public EventRanks since(long first, long time) {
        return new EventRanks(served, frozen, popular, known, untrained, first < time && time - first < DAY);
    }
}
