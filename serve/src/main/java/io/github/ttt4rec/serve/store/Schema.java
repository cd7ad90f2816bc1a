package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables. A file says by its {@code application_id} that it is an event store and by its {@code user_version} which of
 * the migrations it has been through.
 */
final class Schema {
    /** "TTTr". */
    static final int APPLICATION_ID = 0x54545472;

    /**
     * The statements that lead from each version to the next, in order: a change of the tables is one more line here. Lines
     * that have been released must not change.
     */
    static final List<List<String>> MIGRATIONS = List.of(
            List.of(
                    // Ids are never used again, so that a user who comes back after being forgotten is another one.
                    """
            CREATE TABLE user (
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              name TEXT NOT NULL UNIQUE,
              active_hour INTEGER NOT NULL
            ) STRICT""",
                    "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
                    // One user's events lie side by side: reading them is reading one range.
                    """
            CREATE TABLE event (
              user INTEGER NOT NULL,
              position INTEGER NOT NULL,
              item INTEGER NOT NULL,
              time INTEGER NOT NULL,
              PRIMARY KEY (user, position)
            ) STRICT, WITHOUT ROWID""",
                    // Only ids that clients gave; apart from the events, so that replaying need not read over them.
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
                    // Check sums, see Sums: whoever changes what they are made of must make them anew.
                    "ALTER TABLE user ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE item ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE event ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE event_id ADD COLUMN sum INTEGER NOT NULL DEFAULT 0",
                    "UPDATE user SET sum = name_sum(id, name)",
                    "UPDATE item SET sum = name_sum(id, name)",
                    "UPDATE event SET sum = " + Sums.OF_EVENT,
                    "UPDATE event_id SET sum = event_id_sum(user, id, position)",
                    // Which server writes, and how many events all servers have accepted: one row.
                    """
                    CREATE TABLE server (
                      id INTEGER PRIMARY KEY CHECK (id = 1),
                      owner INTEGER NOT NULL,
                      accepted INTEGER NOT NULL
                    ) STRICT""",
                    "INSERT INTO server VALUES (1, 0, (SELECT count(*) FROM event))"),
            List.of(
                    // Times of events are microseconds from here on. A record that did not match its sum gets one
                    // that no record can have, so that its damage still shows.
                    "UPDATE event SET time = 1000 * time, sum = CASE WHEN sum = " + Sums.OF_EVENT + " THEN "
                            + Sums.OF_EVENT.replace("event.time", "1000 * event.time") + " ELSE " + Sums.NEVER
                            + " END"),
            List.of(
                    // The attributes of items, and the type that each attribute has for all of them.
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
                    // The items that users were shown and have not taken. A user of whom no event is stored may be
                    // shown lists too.
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
                    ) STRICT, WITHOUT ROWID"""));

    /** The first version that keeps the times of events in microseconds; before it they were milliseconds. */
    private static final int MICROSECONDS = 3;

    private Schema() {}

    /** Makes an empty file a store. */
    static void create(Connection connection, Path file) throws SQLException {
        execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
        migrate(connection, file, MIGRATIONS);
    }

    /** Throws {@link UserFacingException} if the file is no store or comes from a newer program. */
    static void checkIdentity(Connection connection, Path file) throws SQLException {
        if (number(connection, "PRAGMA application_id") != APPLICATION_ID) {
            throw new UserFacingException(file + ": is no event store"
                    + (number(connection, "SELECT count(*) FROM sqlite_schema") == 0
                            ? ": it is empty"
                            : ", but an SQLite file of another program"));
        }
        refuseNewer(number(connection, "PRAGMA user_version"), file, MIGRATIONS.size());
    }

    /**
     * Throws {@link UserFacingException} if the file is damaged, as far as its structure tells: a byte changed within an
     * id does not show. Reads all of it.
     */
    static void checkStructure(Connection connection, Database database) throws SQLException {
        String finding = text(connection, "PRAGMA quick_check(1)");
        if (!finding.equals("ok")) {
            throw new UserFacingException(database.file() + ": " + Failures.damaged(finding));
        }
        // SQLite reads zeros where the last page ends early, which is sound only while the log has that page.
        long expected = number(connection, "PRAGMA page_count") * number(connection, "PRAGMA page_size");
        if (database.logBytes() == 0 && database.fileBytes() != expected) {
            throw new UserFacingException(database.file() + ": "
                    + Failures.damaged("it has " + database.fileBytes() + " bytes and should have " + expected));
        }
    }

    /** Brings the file up to the last version; each step is one transaction. */
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

    /** The unit of the times in the file, in microseconds: files of earlier versions keep milliseconds. */
    static long timeUnit(Connection connection) throws SQLException {
        return number(connection, "PRAGMA user_version") < MICROSECONDS ? 1000 : 1;
    }

    /** Turns the write-ahead log on, which the file then remembers. */
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

    /** Returns whether the file has a table: one of an earlier version may lack it. */
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
