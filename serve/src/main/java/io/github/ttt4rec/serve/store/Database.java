package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;

/** Opens connections to one SQLite file. Ids are passed to SQL only as parameters of prepared statements. */
final class Database {
    private static final System.Logger LOGGER = System.getLogger(Database.class.getName());
    private static final int BUSY_MILLIS = 5_000;
    private static final int WRITER_CACHE_KIB = 32 << 10;
    private static final int READER_CACHE_KIB = 8 << 10;

    private final Path file;
    private volatile @Nullable Object fileKey;
    private volatile @Nullable Object logKey;

    private Database(Path file) {
        this.file = file;
    }

    /** The database in {@code file} after resolving links. The file need not exist, but its directory must. */
    static Database of(Path file) {
        try {
            Path absolute = file.toAbsolutePath();
            if (absolute.getParent() == null || !absolute.getParent().toFile().isDirectory()) {
                throw new UserFacingException(file + ": there is no such directory " + absolute.getParent());
            }
            Path real = absolute.toFile().exists()
                    ? absolute.toRealPath()
                    : absolute.getParent().toRealPath().resolve(absolute.getFileName());
            if (real.toFile().isDirectory()) {
                throw new UserFacingException(file + ": is a directory, and the event store is a file");
            }
            if (real.toString().contains("?")) {
                throw new UserFacingException(file + ": the path of an event store must have no question mark");
            }
            return new Database(real);
        } catch (IOException failure) {
            throw new UserFacingException(file + ": cannot be opened: " + failure.getMessage(), failure);
        }
    }

    /** The file's real path. */
    Path file() {
        return file;
    }

    /** Returns the write-ahead log, which holds the changes that have not been copied to the file yet. */
    Path log() {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    /** Records the file's identity for {@link #requireSame}. */
    void remember() throws SQLException {
        fileKey = key(file);
    }

    /**
     * Throws {@link StoreLostException} if the file or its log has been deleted, moved or replaced: further writes
     * would be lost, because the operating system lets a process keep writing to a deleted file.
     */
    void requireSame() throws SQLException {
        requireSameFile();
        Object log = key(log());
        if (logKey == null) {
            logKey = log;
        } else if (!Objects.equals(logKey, log)) {
            throw new StoreLostException("the file's log was deleted, moved or replaced while the server ran");
        }
    }

    /**
     * Checks only the file, before opening a connection, because opening would create an empty file in place of a lost
     * one.
     */
    void requireSameFile() throws SQLException {
        Object known = fileKey;
        if (known != null && !known.equals(key(file))) {
            throw new StoreLostException("the file was deleted, moved or replaced while the server ran");
        }
    }

    private static @Nullable Object key(Path path) throws SQLException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new SQLException("cannot look at the file: " + e.getMessage(), e);
        }
    }

    /** Throws {@link UserFacingException} if the file has a second name, by which a second server could open it. */
    void requireOneName() {
        try {
            if (((Number) Files.getAttribute(file, "unix:nlink")).intValue() > 1) {
                throw new UserFacingException(file + ": has a second name (a hard link), by which another process could"
                        + " use it at the same time: delete one of the names, or copy the file");
            }
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "this file system does not count names", e);
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot be looked at: " + e.getMessage(), e);
        }
    }

    long fileBytes() {
        return size(file);
    }

    long logBytes() {
        return size(log());
    }

    private static long size(Path path) {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (IOException failure) {
            throw new StoreException(path + ": " + failure.getMessage(), failure);
        }
    }

    /** Opens a connection that changes nothing. */
    Connection connect() throws SQLException {
        return connect(settings());
    }

    /** Opens the only connection that writes events. */
    Connection connectWriter(Durability durability) throws SQLException {
        SQLiteConfig settings = settings();
        settings.setJournalMode(JournalMode.WAL);
        settings.setSynchronous(
                switch (durability) {
                    case FULL -> SynchronousMode.FULL;
                    case NORMAL -> SynchronousMode.NORMAL;
                    case OFF -> SynchronousMode.OFF;
                });
        settings.setTransactionMode(TransactionMode.IMMEDIATE);
        settings.setCacheSize(-WRITER_CACHE_KIB);
        // {@link Checkpoints} does this on its own thread.
        settings.setWalAutocheckpoint(0);
        // Overwrites deleted data instead of only unlinking it.
        settings.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        return connect(settings);
    }

    /** Opens a read connection. */
    Connection connectReader() throws SQLException {
        SQLiteConfig settings = settings();
        settings.setReadOnly(true);
        settings.setCacheSize(-READER_CACHE_KIB);
        return connect(settings);
    }

    /** Opens the file for erasing the unused parts of its pages. */
    PageGaps gaps() throws SQLException {
        try {
            return new PageGaps(file);
        } catch (IOException e) {
            throw new SQLException("cannot open the file: " + e.getMessage(), e);
        }
    }

    /** Closes a connection; uncommitted changes are rolled back. */
    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw new StoreException("cannot close the event store: " + failure.getMessage(), failure);
        }
    }

    private static SQLiteConfig settings() {
        SQLiteConfig settings = new SQLiteConfig();
        settings.setBusyTimeout(BUSY_MILLIS);
        return settings;
    }

    private Connection connect(SQLiteConfig settings) throws SQLException {
        return settings.createConnection("jdbc:sqlite:" + file);
    }
}
