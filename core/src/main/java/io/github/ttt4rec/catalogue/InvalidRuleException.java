package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;

/** Reports a rule whose expression cannot be parsed. */
public final class InvalidRuleException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final int column;

    /** Reports the problem {@code cause} in the expression in {@code field}. */
    InvalidRuleException(String field, InvalidExpressionException cause) {
        super(field + ", " + cause.getMessage(), cause);
        this.field = field;
        column = cause.column();
    }

    /** The member with the expression, such as {@code rules[2].where}. */
    public String field() {
        return field;
    }

    /** The 1-based position of the first wrong character. */
    public int column() {
        return column;
    }
}
