package io.github.ttt4rec.internal;

import java.util.Arrays;

/**
 * Events as integers for a network that reads the kinds of events ({@link io.github.ttt4rec.model.SequenceModel#readsKinds}): the item's index, and
 * above it the kind. An event of kind 0 is its item's index, so that indices are valid tokens.
 */
public final class EventTokens {
    /** The number of low bits that hold the item. */
    public static final int ITEM_BITS = 27;

    /** The number of kinds that can be told apart. */
    public static final int MAX_KINDS = 16;

    private static final int ITEM = (1 << ITEM_BITS) - 1;

    private EventTokens() {}

    /** The token of an event on {@code item}, below 2^27, of kind {@code kind}, from 0 to 15. */
    public static int of(int item, int kind) {
        return item | kind << ITEM_BITS;
    }

    /** The item of a token. */
    public static int item(int token) {
        return token & ITEM;
    }

    /** The items of tokens, in a new array. */
    public static int[] items(int... tokens) {
        return Arrays.stream(tokens).map(EventTokens::item).toArray();
    }
}
