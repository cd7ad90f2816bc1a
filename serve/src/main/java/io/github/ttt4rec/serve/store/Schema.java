package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables. The file's {@code application_id} marks it as an event store, and its {@code user_version} is the number
 * of migrations applied.
 */
final class Schema {
    /** "TTTr". */
    static final int APPLICATION_ID = 0x54545472;

    /** The position of the application id in an SQLite file. */
    private static final int APPLICATION_ID_AT = 68;

    private static final String MAGIC = "SQLite format 3\0";

    /**
     * The statements that migrate each version to the next, in order. A change of the tables is a further entry;
     * released entries must not change.
     */
    static final List<List<String>> MIGRATIONS = List.of(
            List.of(
                    // Ids are never reused, so that a forgotten user who returns is a new one.
                    """
            CREATE TABLE user (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              name TEXT NOT NULL UNIQUE,
              active_hour INTEGER NOT NULL
            ) STRICT""",
                    "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
                    // The primary key keeps a user's events adjacent, so that reading them is one range scan.
                    """
            CREATE TABLE event (
              user INTEGER NOT NULL,
              position INTEGER NOT NULL,
              item INTEGER NOT NULL,
              time INTEGER NOT NULL,
              PRIMARY KEY (user, position)
            ) STRICT, WITHOUT ROWID""",
                    // Only ids from clients; separate from the events, so that replays need not read them.
                    """
            CREATE TABLE event_id (
              user INTEGER NOT NULL,
              id TEXT NOT NULL,
              position INTEGER NOT NULL,
              PRIMARY KEY (user, id)
            ) STRICT, WITHOUT ROWID""",
                    "CREATE TABLE unavailable_item (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
                    "CREATE TABLE denied_item (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
                    "CREATE TABLE added_item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT",
                    """
            CREATE TABLE added_item_similar (
              added_item INTEGER NOT NULL,
              place INTEGER NOT NULL,
              name TEXT NOT NULL,
              PRIMARY KEY (added_item, place)
            ) STRICT, WITHOUT ROWID"""),
            List.of(
                    // Checksums, see Sums: a change of their inputs must recompute them.
                    "ALTER TABLE user ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE item ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE event ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE event_id ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "UPDATE user SET sum = name_sum(id, name)",
                    "UPDATE item SET sum = name_sum(id, name)",
                    "UPDATE event SET sum = " + Sums.OF_EVENT,
                    "UPDATE event_id SET sum = event_id_sum(user, id, position)",
                    // One row: the server that writes, and the number of events that all servers have accepted.
                    """
                    CREATE TABLE server (
                      id INTEGER PRIMARY KEY CHECK (id = 1),
                      owner INTEGER NOT NULL,
                      accepted INTEGER NOT NULL
                    ) STRICT""",
                    "INSERT INTO server VALUES (1, 0, (SELECT count(*) FROM event))"),
            List.of(
                    // From here on, times of events are in microseconds. A record that did not match its checksum gets
                    // an impossible one, so that its damage stays visible.
                    "UPDATE event SET time = 1000 * time, sum = CASE WHEN sum = " + Sums.OF_EVENT + " THEN "
                            + Sums.OF_EVENT.replace("event.time", "1000 * event.time") + " ELSE " + Sums.NEVER
                            + " END"),
            List.of(
                    // The attributes of items, and the type of each attribute.
                    """
                    CREATE TABLE item_attributes (
                      name TEXT PRIMARY KEY,
                      attributes TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID""", """
                    CREATE TABLE attribute_type (
                      name TEXT PRIMARY KEY,
                      type TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID"""),
            List.of("CREATE TABLE scenario (name TEXT PRIMARY KEY, definition TEXT NOT NULL) STRICT, WITHOUT ROWID"),
            List.of(
                    "ALTER TABLE item_attributes ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "UPDATE item_attributes SET sum = text_sum(name, attributes)",
                    "ALTER TABLE scenario ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "UPDATE scenario SET sum = text_sum(name, definition)",
                    // The items that users were shown but have not taken. Users without stored events may have
                    // impressions too.
                    """
                    CREATE TABLE impression (
                      user TEXT NOT NULL,
                      item TEXT NOT NULL,
                      scenario TEXT NOT NULL,
                      place INTEGER NOT NULL,
                      shown INTEGER NOT NULL,
                      time INTEGER NOT NULL,
                      list TEXT NOT NULL,
                      sum INTEGER NOT NULL,
                      PRIMARY KEY (user, item)
                    ) STRICT, WITHOUT ROWID""",
                    "CREATE INDEX impression_time ON impression (time)",
                    """
                    CREATE TABLE shown_place (
                      scenario TEXT NOT NULL,
                      place INTEGER NOT NULL,
                      shown INTEGER NOT NULL,
                      taken INTEGER NOT NULL,
                      PRIMARY KEY (scenario, place)
                    ) STRICT, WITHOUT ROWID"""),
            List.of("""
                    CREATE TABLE experiment (
                      name TEXT PRIMARY KEY,
                      definition TEXT NOT NULL,
                      sum INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID"""),
            List.of(
                    // The types of those events that came with one; apart from the events, as their ids are.
                    """
                    CREATE TABLE event_type (
                      user INTEGER NOT NULL,
                      position INTEGER NOT NULL,
                      name TEXT NOT NULL,
                      value REAL,
                      sum INTEGER NOT NULL,
                      PRIMARY KEY (user, position)
                    ) STRICT, WITHOUT ROWID"""),
            List.of(
                    // The figures of the running experiment: the test of each arm, and sums for each user.
                    "ALTER TABLE experiment ADD COLUMN started INTEGER NOT NULL DEFAULT 0", """
                    CREATE TABLE experiment_arm (
                      name TEXT PRIMARY KEY,
                      state TEXT NOT NULL,
                      sum INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID""", """
                    CREATE TABLE experiment_user (
                      user INTEGER PRIMARY KEY,
                      events INTEGER NOT NULL,
                      gain REAL NOT NULL,
                      sum INTEGER NOT NULL
                    ) STRICT"""),
            List.of(
                    // The last events that live quality ranked; traits are bits, see RankWriter.
                    """
                    CREATE TABLE ranked_event (
                      number INTEGER PRIMARY KEY,
                      user INTEGER NOT NULL,
                      position INTEGER NOT NULL,
                      served INTEGER NOT NULL,
                      frozen INTEGER NOT NULL,
                      popular INTEGER NOT NULL,
                      known INTEGER NOT NULL,
                      traits INTEGER NOT NULL,
                      sum INTEGER NOT NULL
                    ) STRICT""", "CREATE INDEX ranked_event_user ON ranked_event (user)"),
            List.of(
                    // The contexts of those events that came with one, as JSON; apart from the events, as their ids
                    // are.
                    """
                    CREATE TABLE event_context (
                      user INTEGER NOT NULL,
                      position INTEGER NOT NULL,
                      context TEXT NOT NULL,
                      sum INTEGER NOT NULL,
                      PRIMARY KEY (user, position)
                    ) STRICT, WITHOUT ROWID"""));

    /** The first version that stores times in microseconds; earlier versions store milliseconds. */
    private static final int MICROSECONDS = 3;

    private Schema() {}

    /** Turns an empty file into a store. */
    static void create(Connection connection, Path file) throws SQLException {
        execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
        migrate(connection, file, MIGRATIONS);
    }

    /**
     * Returns whether the first bytes of a file are those of a store, or cannot be read, which opening it reports. Opens
     * no database.
     */
    static boolean isStore(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(APPLICATION_ID_AT + Integer.BYTES);
            return start.length == APPLICATION_ID_AT + Integer.BYTES
                    && new String(start, 0, MAGIC.length(), StandardCharsets.US_ASCII).equals(MAGIC)
                    && ByteBuffer.wrap(start).getInt(APPLICATION_ID_AT) == APPLICATION_ID;
        } catch (IOException failure) {
            return true;
        }
    }

    /** Throws {@link UserFacingException} if the file is not a store or is from a newer program. */
    static void checkIdentity(Connection connection, Path file) throws SQLException {
        if (number(connection, "PRAGMA application_id") != APPLICATION_ID) {
            throw new UserFacingException(file + ": is no event store"
                    + (number(connection, "SELECT count(*) FROM sqlite_schema") == 0
                            ? ": it is empty; delete it, and a new one can be made here"
                            : ", but an SQLite file of another program"));
        }
        long version = number(connection, "PRAGMA user_version");
        if (version < 1) {
            // A new store appears in its place with its version.
            throw new UserFacingException(file + ": " + Failures.damaged("its version is " + version));
        }
        refuseNewer(version, file, MIGRATIONS.size());
    }

    /**
     * Throws {@link UserFacingException} if the structure of the file is damaged, which excludes changed bytes within
     * an id. Reads the whole file.
     */
    static void checkStructure(Connection connection, Database database) throws SQLException {
        String finding = text(connection, "PRAGMA quick_check(1)");
        if (!finding.equals("ok")) {
            throw new UserFacingException(database.file() + ": " + Failures.damaged(finding));
        }
        // SQLite reads zeros if the last page is truncated, which is valid only while the log has that page.
        long expected = number(connection, "PRAGMA page_count") * number(connection, "PRAGMA page_size");
        if (database.logBytes() == 0 && database.fileBytes() != expected) {
            throw new UserFacingException(database.file() + ": "
                    + Failures.damaged("it has " + database.fileBytes() + " bytes and should have " + expected));
        }
    }

    /** Migrates the file to the latest version; each step is one transaction. */
    static void migrate(Connection connection, Path file, List<List<String>> migrations) throws SQLException {
        long version = number(connection, "PRAGMA user_version");
        refuseNewer(version, file, migrations.size());
        Sums.register(connection);
        for (int from = (int) version; from < migrations.size(); from++) {
            connection.setAutoCommit(false);
            for (String statement : migrations.get(from)) {
                execute(connection, statement);
            }
            execute(connection, "PRAGMA user_version = " + (from + 1));
            connection.setAutoCommit(true);
        }
    }

    /** Returns the unit of the times in the file, in microseconds; files of earlier versions store milliseconds. */
    static long timeUnit(Connection connection) throws SQLException {
        return number(connection, "PRAGMA user_version") < MICROSECONDS ? 1000 : 1;
    }

    /** Turns on the write-ahead log, a setting that the file stores. */
    static void useLog(Connection connection, Path file) throws SQLException {
        if (!text(connection, "PRAGMA journal_mode = WAL").equals("wal")) {
            throw new UserFacingException(
                    file + ": its file system cannot share a write-ahead log between connections, as"
                            + " network file systems cannot: put the store on a local disk");
        }
    }

    private static void refuseNewer(long version, Path file, int known) {
        if (version > known) {
            throw new UserFacingException(file + ": was written by a newer version of ttt4rec (store version " + version
                    + ", this one knows " + known + "): use that, or another file");
        }
    }

    /** Returns whether the file has a table, which a file of an earlier version may lack. */
    static boolean has(Connection connection, String table) throws SQLException {
        return number(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '" + table + "'")
                > 0;
    }

    /** The columns name, value and sum of an event's type, for {@link #type}; NULL in a file of a version that had none. */
    static String typeColumns(Connection connection) throws SQLException {
        return has(connection, "event_type") ? "event_type.name, event_type.value, event_type.sum" : "NULL, NULL, NULL";
    }

    /** Joins {@link #typeColumns} to the table of events. */
    static String typeJoin(Connection connection) throws SQLException {
        return has(connection, "event_type")
                ? "LEFT JOIN event_type ON event_type.user = event.user AND event_type.position = event.position"
                : "";
    }

    /** The type of an event by two of its {@link #typeColumns}, the first of which is number {@code column} of the row. */
    static EventType type(ResultSet row, int column) throws SQLException {
        String name = row.getString(column);
        if (name == null) {
            return EventType.NONE;
        }
        double value = row.getDouble(column + 1);
        return new EventType(name, row.wasNull() ? Double.NaN : value);
    }

    /** The column with the context of an event as JSON; NULL for none, and in a file of a version that had none. */
    static String contextColumn(Connection connection) throws SQLException {
        return has(connection, "event_context") ? "event_context.context" : "NULL";
    }

    /** Joins {@link #contextColumn} to the table of events. */
    static String contextJoin(Connection connection) throws SQLException {
        return has(connection, "event_context")
                ? "LEFT JOIN event_context ON event_context.user = event.user"
                        + " AND event_context.position = event.position"
                : "";
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
