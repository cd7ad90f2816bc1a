package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a store as a log in order of time; events of the same time and user are in order of acceptance.
 * Sees the events that are committed when it begins, also while a server writes, and changes nothing. Not thread-safe;
 * can be read once.
 */
public final class StoreLog implements Iterable<LoggedEvent>, AutoCloseable {
    private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private static final int MAX_CONTEXTS = 100_000;

    private final Path file;
    private final Connection connection;
    private final PreparedStatement events;
    private final long timeUnit;
    /** Contexts by their stored text, since few of them occur often. */
    private final Map<String, EventContext> contexts = new HashMap<>();

    private StoreLog(Path file, Connection connection, @Nullable Instant since) throws SQLException {
        this.file = file;
        this.connection = connection;
        events = connection.prepareStatement("""
                SELECT user.name, item.name, event.time, event_id.id, %s, %s
                FROM event JOIN user ON user.id = event.user JOIN item ON item.id = event.item
                LEFT JOIN event_id ON event_id.user = event.user AND event_id.position = event.position %s %s
                WHERE event.time >= ? ORDER BY event.time, event.user, event.position""".formatted(
                        Schema.typeColumns(connection),
                        Schema.contextColumn(connection),
                        Schema.typeJoin(connection),
                        Schema.contextJoin(connection)));
        timeUnit = Schema.timeUnit(connection);
        events.setLong(1, since == null ? Long.MIN_VALUE : stored(since));
    }

    /** Returns the first time in the file's unit that is not before {@code time}. */
    private long stored(Instant time) {
        return Math.ceilDiv(EventTime.micros(time), timeUnit);
    }

    /**
     * Returns whether a file's first bytes are those of an SQLite database, which distinguishes a store from other
     * logs.
     */
    public static boolean isStore(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(SQLITE.length), SQLITE);
        } catch (IOException failure) {
            throw new UserFacingException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** Opens the whole log; see {@link #open(Path, Instant)}. */
    public static StoreLog open(Path file) {
        return open(file, null);
    }

    /**
     * Opens a store to read its events.
     *
     * @param since the time of the first events to read; null reads all
     * @throws UserFacingException if the file is not a store, or is damaged, empty or of a newer version
     */
    public static StoreLog open(Path file, @Nullable Instant since) {
        if (!Files.isRegularFile(file)) {
            throw new UserFacingException(file + ": there is no such file");
        }
        Database database = Database.of(file);
        try {
            Connection connection = database.connectReader();
            boolean opened = false;
            try {
                Schema.checkIdentity(connection, database.file());
                StoreLog log = new StoreLog(database.file(), connection, since);
                opened = true;
                return log;
            } finally {
                if (!opened) {
                    connection.close();
                }
            }
        } catch (SQLException failure) {
            throw Failures.cannotOpen(database.file(), failure);
        }
    }

    /**
     * Counts the events since a time that are earlier than the same user's previously accepted event. Many such events
     * indicate a clock that jumped or a log replayed in reverse.
     */
    public long backwards(Instant since) {
        try (PreparedStatement count = connection.prepareStatement("""
                SELECT count(*) FROM event JOIN event AS before
                  ON before.user = event.user AND before.position = event.position - 1
                WHERE event.time < before.time AND before.time >= ?""")) {
            Long found = Sql.number(count, stored(since));
            return found == null ? 0 : found;
        } catch (SQLException failure) {
            throw Failures.cannotOpen(file, failure);
        }
    }

    /** Returns the attributes of all items, in SQLite's order of ids; none if the store's version has no attributes. */
    public List<StoredItem> items() {
        try {
            if (Schema.number(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'item_attributes'") == 0) {
                return List.of();
            }
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT name, attributes FROM item_attributes ORDER BY name")) {
                return Sql.rows(query, row -> new StoredItem(row.getString(1), row.getString(2)));
            }
        } catch (SQLException failure) {
            throw Failures.cannotOpen(file, failure);
        }
    }

    /**
     * Passes each user's shown but not taken items to a consumer, in SQLite's order of ids, and returns their number; 0
     * if the store's version has no impressions.
     */
    public long shown(BiConsumer<String, ShownItem> to) {
        try {
            if (!Schema.has(connection, "impression")) {
                return 0;
            }
            long count = 0;
            try (PreparedStatement query = connection.prepareStatement(ImpressionWriter.ALL + " ORDER BY user, item");
                    ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    ImpressionWriter.Row row = ImpressionWriter.Row.read(rows);
                    if (row.isSound()) {
                        to.accept(
                                row.user(),
                                new ShownItem(row.item(), row.scenario(), row.place(), row.shown(), row.time()));
                        count++;
                    }
                }
            }
            return count;
        } catch (SQLException failure) {
            throw Failures.cannotOpen(file, failure);
        }
    }

    /** Returns the names in the contexts of events, sorted. */
    public SortedSet<String> contextNames() {
        SortedSet<String> names = new TreeSet<>();
        try {
            if (Schema.has(connection, "event_context")) {
                try (PreparedStatement query =
                        connection.prepareStatement("SELECT DISTINCT context FROM event_context")) {
                    for (String text : Sql.rows(query, row -> row.getString(1))) {
                        names.addAll(context(text).values().keySet());
                    }
                }
            }
            return names;
        } catch (SQLException failure) {
            throw Failures.cannotOpen(file, failure);
        }
    }

    private EventContext context(@Nullable String text) {
        if (text == null) {
            return EventContext.NONE;
        }
        EventContext known = contexts.get(text);
        if (known == null) {
            try {
                known = EventContext.parse(text);
            } catch (UserFacingException damage) {
                throw new UserFacingException(
                        file + ": " + Failures.damaged(String.valueOf(damage.getMessage())), damage);
            }
            if (contexts.size() < MAX_CONTEXTS) {
                contexts.put(text, known);
            }
        }
        return known;
    }

    /** Returns whether an event has a type or a value. */
    public boolean hasTypes() {
        return hasRows("event_type");
    }

    /** Returns whether an event has an id that its client gave it. */
    public boolean hasEventIds() {
        return hasRows("event_id");
    }

    private boolean hasRows(String table) {
        try {
            return Schema.has(connection, table)
                    && Schema.number(connection, "SELECT EXISTS (SELECT 1 FROM " + table + ")") > 0;
        } catch (SQLException failure) {
            throw Failures.cannotOpen(file, failure);
        }
    }

    @Override
    public Iterator<LoggedEvent> iterator() {
        try {
            ResultSet rows = events.executeQuery();
            return new Rows(rows);
        } catch (SQLException failure) {
            throw Failures.cannotOpen(file, failure);
        }
    }

    /** The rows, with one row of lookahead. */
    private final class Rows implements Iterator<LoggedEvent> {
        private final ResultSet rows;
        private boolean more;

        Rows(ResultSet rows) throws SQLException {
            this.rows = rows;
            more = rows.next();
        }

        @Override
        public boolean hasNext() {
            return more;
        }

        @Override
        public LoggedEvent next() {
            if (!more) {
                throw new NoSuchElementException();
            }
            try {
                LoggedEvent event = new LoggedEvent(
                        rows.getString(1),
                        rows.getString(2),
                        EventTime.instant(timeUnit * rows.getLong(3)),
                        rows.getString(4),
                        Schema.type(rows, 5),
                        context(rows.getString(8)));
                more = rows.next();
                return event;
            } catch (SQLException failure) {
                throw Failures.cannotOpen(file, failure);
            }
        }
    }

    @Override
    public void close() {
        Database.close(connection);
    }
}
