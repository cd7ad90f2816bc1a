package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.UserFacingException;

/** Reports an invalid attribute of an item. */
public final class InvalidAttributeException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    /** Reports a problem with a field; {@code problem} states it without the field's name. */
    public InvalidAttributeException(String field, String problem) {
        super(field + ": " + problem);
    }
}
