package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** Creates the file of a store where none is. */
final class NewStore {
    private NewStore() {}

    /**
     * Creates the file atomically, because a partial file after a crash would look like damage.
     *
     * @param before the last state of a store in this place
     * @throws UserFacingException if a store was here before, or the file cannot be written
     */
    static void create(Database database, StoreLock.Mark before) throws SQLException {
        requireNew(database, before);
        if (Files.exists(database.log())) {
            throw new UserFacingException(database.file() + ": is missing, but its log " + database.log()
                    + " is there: put the file back, or move the log away to start with an empty store");
        }
        try {
            Path directory = Files.createTempDirectory(database.file().getParent(), ".new-event-store-");
            Path made = directory.resolve("store");
            try {
                try (Connection connection = Database.of(made).connect()) {
                    Schema.create(connection, made);
                }
                AtomicFiles.write(database.file(), out -> Files.copy(made, out));
            } finally {
                Files.deleteIfExists(made);
                Files.delete(directory);
            }
        } catch (IOException failure) {
            throw new UserFacingException(database.file() + ": cannot be made: " + failure.getMessage(), failure);
        }
    }

    private static void requireNew(Database database, StoreLock.Mark before) {
        if (before.accepted() > 0) {
            throw new UserFacingException(database.file() + ": is missing, and by the file " + database.file()
                    + ".lock it held " + before.accepted()
                    + " events: put it back, or delete that file too to start with an empty store");
        }
    }
}
