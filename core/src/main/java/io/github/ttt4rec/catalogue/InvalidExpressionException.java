package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;
import org.jspecify.annotations.Nullable;

/** Reports an expression that cannot be parsed. */
public final class InvalidExpressionException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String field;
    private final int column;

    /**
     * Reports a problem in an expression.
     *
     * @param column the 1-based position of the first wrong character; one past the end if something is missing there
     */
    InvalidExpressionException(int column, String problem) {
        super("column " + column + ": " + problem);
        this.field = null;
        this.column = column;
    }

    private InvalidExpressionException(String field, InvalidExpressionException cause) {
        super(field + ", " + cause.getMessage(), cause);
        this.field = field;
        this.column = cause.column;
    }

    /** The same problem, with the name of the member that holds the expression. */
    InvalidExpressionException in(String member) {
        return new InvalidExpressionException(member, this);
    }

    /** The member that holds the expression, such as {@code rules[2].where}; null if the expression stands alone. */
    public @Nullable String field() {
        return field;
    }

    /** The 1-based position of the first wrong character. */
    public int column() {
        return column;
    }
}
