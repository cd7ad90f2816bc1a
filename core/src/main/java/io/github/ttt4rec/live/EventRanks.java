package io.github.ttt4rec.live;

/**
 * The ranks of an item among all items just before its user had it, 1 being best; ties count against it. An item that the model
 * does not know has the rank {@link #MISS} by each method, because no list could have named it.
 *
 * @param served by the model as it is served; by popularity if nothing of the user was known
 * @param frozen by the same model with fast weights that do not learn; 0 for a model without fast weights
 * @param popular by the number of events of each item, in training or counted since
 * @param known events of the user before it that the model knows, as many as the history policy keeps
 * @param untrained whether no training event has the item
 */
public record EventRanks(int served, int frozen, int popular, int known, boolean untrained) {
    /** The rank of an item that cannot be recommended. */
    public static final int MISS = Integer.MAX_VALUE;
}
