package io.github.ttt4rec.serve.store;

import java.sql.SQLException;

/** The store's file is not this process's any more: replaced, moved, deleted, or taken by another process. */
final class StoreLostException extends SQLException {
    private static final long serialVersionUID = 1L;

    StoreLostException(String message) {
        super(message);
    }
}
