package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;

/** A rule with an expression that cannot be read. */
public final class InvalidRuleException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final int column;

    /** The expression in {@code field} has the problem {@code cause}. */
    InvalidRuleException(String field, InvalidExpressionException cause) {
        super(field + ", " + cause.getMessage(), cause);
        this.field = field;
        column = cause.column();
    }

    /** The member with the expression, such as {@code rules[2].where}. */
    public String field() {
        return field;
    }

    /** The first character that is wrong, from 1. */
    public int column() {
        return column;
    }
}
