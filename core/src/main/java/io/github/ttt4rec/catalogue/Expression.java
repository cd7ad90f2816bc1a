package io.github.ttt4rec.catalogue;

import java.util.List;
import java.util.Set;

/**
 * A condition on an item's attributes, as {@link ExpressionParser} reads it. Immutable; two expressions are equal if
 * they have the same terms in the same order. A test of an attribute that an item does not have is false, and its
 * negation is true.
 */
public sealed interface Expression {
    /** True if all terms are true; has at least two terms. */
    record All(List<Expression> terms) implements Expression {}

    /** True if any term is true; has at least two terms. */
    record Any(List<Expression> terms) implements Expression {}

    /** True if the term is false. */
    record Not(Expression term) implements Expression {}

    /**
     * True if the item has any of the words.
     *
     * @param name {@code item}, {@code label}, {@code group}, or an attribute of type words
     */
    record HasWord(String name, Set<String> words) implements Expression {}

    /** True if the item lies in any of the categories or below one of them. */
    record InCategory(Set<Category> categories) implements Expression {}

    /**
     * True if the comparison of the item's number with a value holds.
     *
     * @param name an attribute of type number; or {@code available_from} or {@code available_until}, in epoch
     *     microseconds
     */
    record Compare(String name, Comparison comparison, double value) implements Expression {}

    /** True if the item has any value of the attribute. */
    record Has(String name) implements Expression {}

    /** A comparison of the item's number with a constant. */
    enum Comparison {
        /** The item's number is smaller than the constant. */
        LESS,
        /** The item's number is smaller than or equal to the constant. */
        AT_MOST,
        /** The numbers are equal. */
        EQUAL,
        /** The item's number is larger than or equal to the constant. */
        AT_LEAST,
        /** The item's number is larger than the constant. */
        GREATER;

        /**
         * Returns whether the comparison holds between {@code left}, the item's number, and {@code right}; false if
         * either is NaN.
         */
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
