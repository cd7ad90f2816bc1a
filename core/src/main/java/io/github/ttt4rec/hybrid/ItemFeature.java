package io.github.ttt4rec.hybrid;

/**
 * A property of an item after a history, one input of the output layer. The first three are properties of every item;
 * {@link #SEEN} to {@link #OWN_NEXT} and those from {@link #SEEN_NETWORK} on are 0 unless the item is in the history, and
 * the rest are 0 unless it shares a table row with it. The order of the constants is part of the file format.
 *
 * <p>The features from {@link #SEEN_NETWORK} on repeat others for the items of the history. So the weights of those
 * others are free to rank the items that are new to the user, even if most targets are repeated.
 */
enum ItemFeature {
    /** The network's logit. */
    NETWORK,
    /** The logarithm of 1 + the number of the item's training events. */
    POPULARITY,
    /** The same with each event weighted by its age at the end of the training part; 0 without times. */
    FRESH_POPULARITY,

    /** 1 if the item is in the history. */
    SEEN,
    /** 1 if it is the item of the last event. */
    LAST,
    /** 1 if one or two other events follow its last event. */
    UP_TO_3_BACK,
    /** 1 if three to nine other events follow its last event. */
    UP_TO_10_BACK,
    /** 1 if ten to 49 other events follow its last event. */
    UP_TO_50_BACK,
    /** The logarithm of 1 + the number of events that follow its last event, divided by 3. */
    LOG_BACK,
    /** The logarithm of the number of its events. */
    LOG_TIMES,
    /** The logarithm of the item's repeat rate divided by that of all items. */
    ITEM_REPEATS,
    /** The log-odds of the user's repeat share. */
    USER_REPEATS,
    /** 1 if the user had the item in the current visit. */
    THIS_VISIT,
    /** 1 if the user had the item in an earlier visit, less than a day before the request. */
    UP_TO_A_DAY,
    /** 1 if the user had the item in an earlier visit, one to seven days before the request. */
    UP_TO_A_WEEK,
    /** 1 if the user had the item in an earlier visit, seven to 30 days before the request. */
    UP_TO_A_MONTH,
    /** 1 if the user had the item in an earlier visit, 30 to 90 days before the request. */
    UP_TO_A_QUARTER,
    /** The logarithm of the number of earlier visits with the item. */
    LOG_VISITS,
    /** 1 / (1 + the number of events that follow) if the item is in the current visit. */
    VISIT_RECENCY,
    /**
     * Follows the last three events' items in the user's own earlier events: the logarithm of 1 + 10 times the sum over
     * these earlier successions of 1/distance, weighted by {@value ItemFeatures#TRANSITION_DECAY} per event back.
     */
    OWN_SUCCESSION,
    /** The logarithm of 1 + the number of times that the user had it directly after an earlier event on the last item. */
    OWN_NEXT,

    /** Co-occurrence with the last events, whose weight decays by {@value ItemFeatures#SHORT_DECAY} per event. */
    COOCCURRENCE(0.02f),
    /** Co-occurrence with the last events, whose weight decays by {@value ItemFeatures#LONG_DECAY} per event. */
    COOCCURRENCE_LONG(0.1f),
    /** Co-occurrence with the events of the current visit. */
    COOCCURRENCE_VISIT(0.02f),
    /** Transitions from the last events, whose weight decays by {@value ItemFeatures#TRANSITION_DECAY} per event. */
    TRANSITION(0.005f),
    /** Transitions from the events of the current visit. */
    TRANSITION_VISIT(0.005f),
    /** Direct successions of the last event's item. */
    SUCCESSION(0.005f),
    /** Transitions from earlier visits to this one. */
    NEXT_VISIT(0.01f),
    /** 1 if the item directly followed the last event's item in the training part. */
    FOLLOWS,
    /**
     * {@link #POPULARITY} if the item directly followed the last event's item. It is separate, because a popular item
     * follows many items by chance, but is also the best guess if no item is known to follow.
     */
    FOLLOWS_POPULARITY,

    /** {@link #NETWORK} of an item in the history. */
    SEEN_NETWORK,
    /** {@link #POPULARITY} of an item in the history. */
    SEEN_POPULARITY,
    /** {@link #FRESH_POPULARITY} of an item in the history. */
    SEEN_FRESH_POPULARITY,
    /** {@link #COOCCURRENCE} of an item in the history. */
    SEEN_COOCCURRENCE,
    /** {@link #COOCCURRENCE_LONG} of an item in the history. */
    SEEN_COOCCURRENCE_LONG,
    /** {@link #COOCCURRENCE_VISIT} of an item in the history. */
    SEEN_COOCCURRENCE_VISIT,
    /** {@link #TRANSITION} of an item in the history. */
    SEEN_TRANSITION,
    /** {@link #TRANSITION_VISIT} of an item in the history. */
    SEEN_TRANSITION_VISIT,
    /** {@link #SUCCESSION} of an item in the history. */
    SEEN_SUCCESSION,
    /** {@link #NEXT_VISIT} of an item in the history. */
    SEEN_NEXT_VISIT;

    private final float scale;

    ItemFeature() {
        this(Float.NaN);
    }

    /** Creates a feature from tables. */
    ItemFeature(float scale) {
        this.scale = scale;
    }

    /** The number of features that every item has. */
    static final int DENSE = 3;
    /** The number of features of items in the history. */
    static final int REPEAT = OWN_NEXT.column() + 1 - DENSE;
    /** The number of features from tables. */
    static final int MEMORY = FOLLOWS.column() - DENSE - REPEAT;

    /** The column of its value in a row of all features. */
    @SuppressWarnings("EnumOrdinal") // The order of the constants is the layout in memory and in files.
    int column() {
        return ordinal();
    }

    /** The divisor ε of a feature from tables, which is {@code log(1 + sum/ε)}; NaN for other features. */
    float scale() {
        return scale;
    }
}
