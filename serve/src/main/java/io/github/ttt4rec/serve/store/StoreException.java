package io.github.ttt4rec.serve.store;

/**
 * The store could not do what it was asked, such as when the disk is full. A write that failed so was not done, or, where the
 * disk failed while it was being forced, may show after a restart: send the same event again with its id, and it is there
 * once. The store goes on. The message is one line for the operator and names the file.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean lost;

    /** A failure described by one line. */
    public StoreException(String message) {
        super(message);
        lost = false;
    }

    /** A failure described by one line, and what brought it about. */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
        lost = cause instanceof StoreLostException || (cause instanceof StoreException inner && inner.lost);
    }

    /** Returns whether this process must end because the file at the store's path is no longer the one it opened. */
    public boolean isLost() {
        return lost;
    }
}
