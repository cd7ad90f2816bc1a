package io.github.ttt4rec.serve.store;

/**
 * Thrown if the store cannot complete an operation, for example because the disk is full. A failed write was not done
 * or, if the disk failed during the sync, may appear after a restart: send the same event again with its id, and it is
 * stored once. The store stays usable. The message is one line for the operator and names the file.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean lost;

    /** Creates the exception with a message of one line. */
    public StoreException(String message) {
        super(message);
        lost = false;
    }

    /** Creates the exception with a message of one line and its cause. */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
        lost = cause instanceof StoreLostException || (cause instanceof StoreException inner && inner.lost);
    }

    /** Returns whether this process must end because the file at the store's path is no longer the one it opened. */
    public boolean isLost() {
        return lost;
    }
}
