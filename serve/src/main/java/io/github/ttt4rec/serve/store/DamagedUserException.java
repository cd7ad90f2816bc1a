package io.github.ttt4rec.serve.store;

/**
 * The stored events of one user are damaged. Other users are not concerned. The message is one line for the operator; it
 * names the store's number of the user, not the id.
 */
public final class DamagedUserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Damage of one user's records, described by one line. */
    DamagedUserException(String message) {
        super(message);
    }
}
