package io.github.ttt4rec.catalogue;

/** A rule of a shop for its lists; each has a name for people. */
public sealed interface Rule {
    /** The name. */
    String name();

    /** No item for which {@code where} is true is in a list. */
    record Never(String name, Expression where) implements Rule {}

    /** Only items for which {@code where} is true are in a list. */
    record Only(String name, Expression where) implements Rule {}

    /**
     * The probability of items for which {@code where} is true is multiplied by {@code factor}, a positive number: above 1 raises
     * them, below 1 lowers them.
     */
    record Boost(String name, Expression where, double factor) implements Rule {}

    /** An item that may be recommended is at a place, from 1. */
    record Pin(String name, String item, int place) implements Rule {}

    /**
     * At most {@code count} items of a list share a value.
     *
     * @param per {@code category}, {@code label}, {@code group} or an attribute of type words
     * @param level for categories, the number of names from the root that count; a category with fewer names does not count
     */
    record AtMost(String name, int count, String per, int level) implements Rule {}
}
