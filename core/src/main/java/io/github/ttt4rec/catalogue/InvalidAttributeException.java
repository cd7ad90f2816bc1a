package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;

/** An attribute of an item is wrong. */
public final class InvalidAttributeException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** {@code problem} says what is wrong with the field, without its name. */
    public InvalidAttributeException(String field, String problem) {
        super(field + ": " + problem);
        this.field = field;
    }

    /** The name of the field. */
    public String field() {
        return field;
    }
}
