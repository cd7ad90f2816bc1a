package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;

/** Reports an expression that cannot be parsed. */
public final class InvalidExpressionException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    private final int column;

    /**
     * Reports a problem in an expression.
     *
     * @param column the 1-based position of the first wrong character; one past the end if something is missing there
     */
    InvalidExpressionException(int column, String problem) {
        super("column " + column + ": " + problem);
        this.column = column;
    }

    /** The 1-based position of the first wrong character. */
    public int column() {
        return column;
    }
}
