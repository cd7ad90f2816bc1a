package io.github.ttt4rec.hybrid;

/**
 * A property of a request that the weight of an {@link ItemFeature} is a linear function of. The order is part of the file format.
 */
enum Gate {
    /** 1. */
    ONE,
    /** The logarithm of 1 + the number of events, minus 2. */
    LENGTH,
    /** The logarithm of 1 + the number of events in the visit under way; 0 without times. */
    VISIT_SIZE,
    /** 1 if the request starts a visit; 0 without times. */
    NEW_VISIT,
    /** The logarithm of 1 + the hours since the last earlier visit, over 4; 0 without times. */
    GAP,
    /** The user's repeat share minus that of all users. */
    REPEAT_SHARE,
    /** The logarithm of 1 + the training events of the last item, over 3, minus 1. */
    SUPPORT;

    /** The column of its value in a row of all. */
    @SuppressWarnings("EnumOrdinal") // The order is the layout, in memory and in files.
    int column() {
        return ordinal();
    }
}
