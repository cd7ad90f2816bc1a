package io.github.ttt4rec.serve.store;

import java.sql.SQLException;

/** Thrown if the store's file was replaced, moved or deleted, or taken over by another process. */
final class StoreLostException extends SQLException {
    private static final long serialVersionUID = 1L;

    StoreLostException(String message) {
        super(message);
    }
}
