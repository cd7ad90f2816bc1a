package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;

/** An expression that cannot be read. */
public final class InvalidExpressionException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    private final int column;

    /**
     * A problem in an expression.
     *
     * @param column the first character that is wrong, from 1; one past the last if something is missing at the end
     */
    InvalidExpressionException(int column, String problem) {
        super("column " + column + ": " + problem);
        this.column = column;
    }

    /** The first character that is wrong, from 1. */
    public int column() {
        return column;
    }
}
