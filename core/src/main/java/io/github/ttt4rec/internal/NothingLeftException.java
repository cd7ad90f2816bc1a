package io.github.ttt4rec.internal;

import io.github.ttt4rec.UserFacingException;

/** Thrown if a filter leaves no event of a log. */
public final class NothingLeftException extends UserFacingException {
    private static final long serialVersionUID = 1L;

    public NothingLeftException(String message) {
        super(message);
    }
}
