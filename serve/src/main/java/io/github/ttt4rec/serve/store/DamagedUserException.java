package io.github.ttt4rec.serve.store;

/**
 * Thrown if the stored events of a user are damaged. Other users are not affected. The message is one line for the
 * operator; it gives the user's number in the store, not the id.
 */
public final class DamagedUserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with a message of one line. */
    DamagedUserException(String message) {
        super(message);
    }
}
