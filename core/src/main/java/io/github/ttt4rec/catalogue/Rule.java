package io.github.ttt4rec.catalogue;

/** A rule that a shop sets for its recommendations. Each rule has a name for people. */
public sealed interface Rule {
    String name();

    /** Items for which {@code where} is true are never recommended. */
    record Never(String name, Expression where) implements Rule {}

    /** Only items for which {@code where} is true are recommended. */
    record Only(String name, Expression where) implements Rule {}

    /**
     * The probability of items for which {@code where} is true is multiplied by {@code factor}, a positive number:
     * above 1 promotes them, below 1 demotes them.
     */
    record Boost(String name, Expression where, double factor) implements Rule {}

    /** Puts an item at a fixed place, counted from 1, if it may be recommended. */
    record Pin(String name, String item, int place) implements Rule {}

    /**
     * At most {@code count} recommended items share a value.
     *
     * @param per {@code category}, {@code label}, {@code group} or an attribute of type words
     * @param level for categories, the depth at which two categories must agree; categories less deep are ignored
     */
    record AtMost(String name, int count, String per, int level) implements Rule {}
}
