package io.github.ttt4rec.catalogue;

import java.util.List;
import java.util.Set;

/**
 * A condition on an item's attributes, as {@link ExpressionParser} reads it; immutable, and equal to another that says the same in
 * the same order. A test of an attribute that an item does not have is false, and its negation is true.
 */
public sealed interface Expression {
    /** True if all of at least two terms are. */
    record All(List<Expression> terms) implements Expression {}

    /** True if one of at least two terms is. */
    record Any(List<Expression> terms) implements Expression {}

    /** True if the term is false. */
    record Not(Expression term) implements Expression {}

    /**
     * True if the item has one of some words.
     *
     * @param name {@code item}, {@code label}, {@code group}, or an attribute of type words
     */
    record HasWord(String name, Set<String> words) implements Expression {}

    /** True if the item lies in one of some categories or below it. */
    record InCategory(Set<Category> categories) implements Expression {}

    /**
     * True if a number of the item compares so with a value.
     *
     * @param name an attribute of type number; or {@code available_from} or {@code available_until}, in epoch microseconds
     */
    record Compare(String name, Comparison comparison, double value) implements Expression {}

    /** True if the item has the attribute at all. */
    record Has(String name) implements Expression {}

    /** How two numbers compare. */
    enum Comparison {
        /** The item's number is smaller. */
        LESS,
        /** The item's number is not larger. */
        AT_MOST,
        /** Both are equal. */
        EQUAL,
        /** The item's number is not smaller. */
        AT_LEAST,
        /** The item's number is larger. */
        GREATER;

        /** Returns whether {@code left} compares so with {@code right}; false if one is NaN. */
        public boolean holds(double left, double right) {
            return switch (this) {
                case LESS -> left < right;
                case AT_MOST -> left <= right;
                case EQUAL -> left == right;
                case AT_LEAST -> left >= right;
                case GREATER -> left > right;
            };
        }
    }
}
