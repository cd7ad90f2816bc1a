package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Describes the database's failures in one line. */
final class Failures {
    private static final int PRIMARY_CODE = 0xFF;

    private Failures() {}

    /** Creates the exception for a file that cannot be opened. */
    static UserFacingException cannotOpen(Path file, SQLException failure) {
        return new UserFacingException(file + ": " + reason(failure), failure);
    }

    /** Creates the exception for a failed operation on an open store. */
    static StoreException failed(Path file, SQLException failure) {
        return new StoreException(file + ": " + reason(failure), failure);
    }

    /** Returns whether the database found a damaged page. */
    static boolean isDamage(SQLException failure) {
        return failure instanceof SQLiteException known
                && (known.getResultCode().code & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_CORRUPT.code;
    }

    private static String reason(SQLException failure) {
        if (!(failure instanceof SQLiteException known)) {
            return String.valueOf(failure.getMessage());
        }
        int code = known.getResultCode().code & PRIMARY_CODE;
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return "is no event store: not an SQLite file";
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return damaged(String.valueOf(known.getMessage()));
        }
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return "cannot write: the disk is full";
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code || code == SQLiteErrorCode.SQLITE_PERM.code) {
            return "cannot write: permission denied, for the file or its directory";
        }
        if (code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            return "cannot be opened: is it there, and may this user read and write it and its directory?";
        }
        return "the database failed: " + String.valueOf(known.getMessage()).replaceAll("\\s+", " ");
    }

    /** Returns the message about a damaged file. */
    static String damaged(String how) {
        return "is damaged (" + how.replaceAll("\\s+", " ").strip()
                + "): replace it by a backup, or move it away with its -wal file to start with an empty store";
    }
}
