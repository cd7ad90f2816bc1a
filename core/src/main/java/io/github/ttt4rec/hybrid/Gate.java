package io.github.ttt4rec.hybrid;

/**
 * A property of a request. The weight of an {@link ItemFeature} is a linear function of the gates. The order of the
 * constants is part of the file format.
 */
enum Gate {
    /** The constant 1. */
    ONE,
    /** The logarithm of 1 + the number of events, minus 2. */
    LENGTH,
    /** The logarithm of 1 + the number of events in the current visit; 0 without times. */
    VISIT_SIZE,
    /** 1 if the request starts a visit; 0 without times. */
    NEW_VISIT,
    /** The logarithm of 1 + the hours since the previous visit, divided by 4; 0 without times. */
    GAP,
    /** The user's repeat share minus that of all users. */
    REPEAT_SHARE,
    /** The logarithm of 1 + the number of training events of the last item, divided by 3, minus 1. */
    SUPPORT;

    /** The column of its value in a row of all gates. */
    @SuppressWarnings("EnumOrdinal") // The order of the constants is the layout in memory and in files.
    int column() {
        return ordinal();
    }
}
