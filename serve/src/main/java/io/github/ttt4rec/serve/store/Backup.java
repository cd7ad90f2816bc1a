package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Copies a store while it is in use. */
final class Backup {
    private Backup() {}

    /**
     * Writes everything that is committed at the start to {@code target}, as a compact store. Checks the copy before it
     * replaces an existing file.
     */
    static StoreCopy write(Database database, Path target) {
        Path directory = target.toAbsolutePath().getParent();
        try {
            if (directory == null || !Files.isDirectory(directory)) {
                throw new UserFacingException(target + ": cannot write this file: there is no such directory");
            }
            if (Files.exists(target) && Files.isSameFile(target, database.file())) {
                throw new UserFacingException(target + ": is the store itself; write the backup to another file");
            }
            // SQLite's copy is not crash-safe, so it gets its final name only when it is complete and on disk.
            Path temporary = Files.createTempFile(directory, "." + target.getFileName() + ".", ".backup");
            try {
                Files.delete(temporary);
                copy(database, temporary);
                StoreCopy copy = check(temporary);
                AtomicFiles.write(target, out -> Files.copy(temporary, out));
                return copy;
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException failure) {
            throw new UserFacingException(target + ": cannot write this file: " + failure.getMessage(), failure);
        } catch (SQLException failure) {
            throw new UserFacingException(
                    "backup of " + Failures.cannotOpen(database.file(), failure).getMessage(), failure);
        }
    }

    private static void copy(Database database, Path file) throws SQLException {
        try (Connection connection = database.connect()) {
            Schema.checkIdentity(connection, database.file());
            try (PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
                statement.setString(1, file.toString());
                statement.execute();
            }
        }
    }

    private static StoreCopy check(Path file) throws SQLException {
        Database copy = Database.of(file);
        try (Connection connection = copy.connect()) {
            Schema.checkStructure(connection, copy);
            return new StoreCopy(
                    Schema.number(connection, "SELECT count(*) FROM user"),
                    Schema.number(connection, "SELECT count(*) FROM event"),
                    copy.fileBytes());
        }
    }
}
