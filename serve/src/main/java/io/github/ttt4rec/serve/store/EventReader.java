package io.github.ttt4rec.serve.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads on a connection of its own; each query sees the data committed when it begins. Not thread-safe. */
final class EventReader {
    private final Connection connection;
    private final Retention retention;
    private final PreparedStatement events;
    private final PreparedStatement eventIds;
    /** Null for a store of an earlier version that is read for a repair. */
    private final @Nullable PreparedStatement contexts;

    private final PreparedStatement users;
    /** Null for a store of an earlier version that is read for a repair. */
    private final @Nullable PreparedStatement shown;

    private record Row(long user, long position, String item, long timeMicros, EventType type) {
        /** Throws {@link DamagedUserException} if the row does not match its checksums. */
        static Row read(ResultSet row) throws SQLException {
            long user = row.getLong(1);
            long position = row.getLong(3);
            long item = row.getLong(4);
            String name = row.getString(5);
            long time = row.getLong(7);
            if (row.getLong(6) != Sums.ofName(item, name)
                    || row.getLong(8) != Sums.ofEvent(user, position, item, time)) {
                throw new DamagedUserException(
                        "event " + position + " of user number " + user + " does not match its checksum");
            }
            EventType type = Schema.type(row, 9);
            if (!type.isNone() && row.getLong(11) != Sums.ofType(user, position, type.name(), type.value())) {
                throw new DamagedUserException(
                        "the type of event " + position + " of user number " + user + " does not match its checksum");
            }
            return new Row(user, position, name, time, type);
        }
    }

    /** A user and the first and last position of the stored events. */
    record UserSpan(long id, String name, long activeHour, long first, long last) {
        static UserSpan read(ResultSet row) throws SQLException {
            return new UserSpan(row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5));
        }
    }

    EventReader(Connection connection, Retention retention) throws SQLException {
        this.connection = connection;
        this.retention = retention;
        // CROSS JOIN makes SQLite look up the user first, then the range of that user's events.
        events =
                connection.prepareStatement("""
                SELECT user.id, user.sum, event.position, item.id, item.name, item.sum, event.time, event.sum,
                  %s
                FROM user CROSS JOIN event ON event.user = user.id CROSS JOIN item ON item.id = event.item %s
                WHERE user.name = ? ORDER BY event.position""".formatted(Schema.typeColumns(connection), Schema.typeJoin(connection)));
        eventIds = connection.prepareStatement("SELECT position, id, sum FROM event_id WHERE user = ?");
        contexts = Schema.has(connection, "event_context")
                ? connection.prepareStatement("SELECT position, context, sum FROM event_context WHERE user = ?")
                : null;
        shown = Schema.has(connection, "impression")
                ? connection.prepareStatement(
                        "SELECT item, scenario, place, shown, time, sum FROM impression WHERE user = ? ORDER BY item")
                : null;
        users = connection.prepareStatement("""
                SELECT id, name, active_hour,
                  (SELECT min(position) FROM event WHERE event.user = user.id),
                  (SELECT max(position) FROM event WHERE event.user = user.id)
                FROM user WHERE id > ? ORDER BY id LIMIT ?""");
    }

    /** Returns the items of a user's kept events; empty for an unknown user. */
    Optional<History> history(String user) throws SQLException {
        List<Row> rows = rows(user);
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new History(
                        rows.getFirst().user(),
                        rows.getFirst().position(),
                        rows.stream().map(Row::item).toList(),
                        rows.stream().mapToLong(Row::timeMicros).toArray(),
                        rows.stream().map(Row::type).toList()));
    }

    /** Returns a user's kept events, oldest first; none for an unknown user. */
    List<StoredEvent> events(String user) throws SQLException {
        // All queries run in one transaction, so that they see the same data. If one fails, the pool closes this
        // connection.
        connection.setAutoCommit(false);
        List<Row> rows = rows(user);
        Map<Long, String> ids =
                rows.isEmpty() ? Map.of() : eventIds(rows.getFirst().user());
        Map<Long, EventContext> circumstances =
                rows.isEmpty() ? Map.of() : contexts(rows.getFirst().user());
        connection.setAutoCommit(true);
        return rows.stream()
                .map(row -> new StoredEvent(
                        row.position(),
                        row.item(),
                        row.timeMicros(),
                        ids.getOrDefault(row.position(), Event.madeId(row.position())),
                        row.type(),
                        circumstances.getOrDefault(row.position(), EventContext.NONE)))
                .toList();
    }

    /** Returns a user's kept events that have a context, oldest first, and the user's number; empty if there are none. */
    Optional<ContextEvents> contextEvents(String user) throws SQLException {
        connection.setAutoCommit(false);
        List<Row> rows = rows(user);
        Map<Long, EventContext> known =
                rows.isEmpty() ? Map.of() : contexts(rows.getFirst().user());
        connection.setAutoCommit(true);
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(new ContextEvents(
                        rows.getFirst().user(),
                        rows.stream()
                                .filter(row -> known.containsKey(row.position()))
                                .map(row -> new StoredEvent(
                                        row.position(),
                                        row.item(),
                                        row.timeMicros(),
                                        "",
                                        row.type(),
                                        known.getOrDefault(row.position(), EventContext.NONE)))
                                .toList()));
    }

    /** Returns the names of the users with events that have a context. */
    List<String> usersWithContexts() throws SQLException {
        if (contexts == null) {
            return List.of();
        }
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT name FROM user WHERE EXISTS (SELECT 1 FROM event_context WHERE event_context.user = user.id)")) {
            return Sql.rows(query, row -> row.getString(1));
        }
    }

    private Map<Long, EventContext> contexts(long user) throws SQLException {
        Map<Long, EventContext> known = new HashMap<>();
        if (contexts == null) {
            return known;
        }
        try (ResultSet rows = Sql.bind(contexts, user).executeQuery()) {
            while (rows.next()) {
                long position = rows.getLong(1);
                String text = rows.getString(2);
                if (rows.getLong(3) != Sums.ofContext(user, position, text)) {
                    throw new DamagedUserException("the context of event " + position + " of user number " + user
                            + " does not match its checksum");
                }
                known.put(position, EventContext.parse(text));
            }
        }
        return known;
    }

    /** Hands over each event; those of items that are missing are left out. */
    void eachEvent(EventStore.EventConsumer consumer) throws SQLException {
        Map<Long, String> names = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT id, name FROM item");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                names.put(rows.getLong(1), rows.getString(2));
            }
        }
        try (PreparedStatement query = connection.prepareStatement("SELECT event.item, event.time, "
                        + Schema.typeColumns(connection) + " FROM event " + Schema.typeJoin(connection));
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                String name = names.get(rows.getLong(1));
                if (name != null) {
                    consumer.accept(name, rows.getLong(2), Schema.type(rows, 3));
                }
            }
        }
    }

    /** Returns the items that a user was shown but has not taken; none if the store has no impressions. */
    List<ShownItem> shown(String user) throws SQLException {
        List<ShownItem> items = new ArrayList<>();
        if (shown != null) {
            try (ResultSet rows = Sql.bind(shown, user).executeQuery()) {
                while (rows.next()) {
                    ShownItem item = new ShownItem(
                            rows.getString(1), rows.getString(2), rows.getInt(3), rows.getLong(4), rows.getLong(5));
                    long sum = Sums.ofImpression(
                            user, item.item(), item.scenario(), item.place(), item.shown(), item.timeMicros());
                    if (rows.getLong(6) == sum) {
                        items.add(item);
                    }
                }
            }
        }
        return items;
    }

    /** Returns the numbers of items shown and taken, by scenario and place. */
    List<PlaceFigures> places() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT scenario, place, shown, taken FROM shown_place ORDER BY scenario, place")) {
            return Sql.rows(
                    query, row -> new PlaceFigures(row.getString(1), row.getInt(2), row.getLong(3), row.getLong(4)));
        }
    }

    private List<Row> rows(String user) throws SQLException {
        List<Row> rows = Sql.rows(events, Row::read, user);
        if (rows.isEmpty()) {
            return rows;
        }
        long first = rows.getFirst().position();
        long next = rows.getLast().position() + 1;
        if (next - first != rows.size()) {
            throw new DamagedUserException("of the events " + first + " to " + (next - 1) + " of user number "
                    + rows.getFirst().user() + " only " + rows.size() + " are there");
        }
        return rows.subList((int) Math.max(0, retention.firstKept(next) - first), rows.size());
    }

    private Map<Long, String> eventIds(long user) throws SQLException {
        Map<Long, String> ids = new HashMap<>();
        try (ResultSet rows = Sql.bind(eventIds, user).executeQuery()) {
            while (rows.next()) {
                if (rows.getLong(3) != Sums.ofEventId(user, rows.getString(2), rows.getLong(1))) {
                    throw new DamagedUserException(
                            "the id of an event of user number " + user + " does not match its checksum");
                }
                ids.put(rows.getLong(1), rows.getString(2));
            }
        }
        return ids;
    }

    /** Returns the next {@code count} users by number after {@code after}. */
    List<UserSpan> users(long after, int count) throws SQLException {
        return Sql.rows(users, UserSpan::read, after, count);
    }

    /** Returns the number of users whose last event was before an hour. */
    long countIdle(long firstActiveHour) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT count(*) FROM user WHERE active_hour < ?")) {
            Long idle = Sql.number(query, firstActiveHour);
            return idle == null ? 0 : idle;
        }
    }

    /** Returns all names in a table of names. */
    private Set<String> names(String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            return new HashSet<>(Sql.rows(statement, row -> row.getString(1)));
        }
    }

    Set<String> unavailable() throws SQLException {
        return names("SELECT name FROM unavailable_item");
    }

    Set<String> denied() throws SQLException {
        return names("SELECT name FROM denied_item");
    }

    /** Returns the added items in the order of their addition. */
    List<AddedItem> added() throws SQLException {
        try (PreparedStatement items = connection.prepareStatement("SELECT id, name FROM added_item ORDER BY id");
                PreparedStatement similar = connection.prepareStatement(
                        "SELECT name FROM added_item_similar WHERE added_item = ? ORDER BY place")) {
            return Sql.rows(
                    items,
                    row -> new AddedItem(
                            row.getString(2), Sql.rows(similar, like -> like.getString(1), row.getLong(1))));
        }
    }

    /** Returns the attributes of the next {@code count} items by id after {@code after}. */
    List<StoredItem> items(String after, int count) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT name, attributes, " + sum("item_attributes")
                + " FROM item_attributes WHERE name > ? ORDER BY name LIMIT ?")) {
            return Sql.rows(query, this::item, after, count);
        }
    }

    /** Returns the attributes of an item; empty if it has none. */
    Optional<StoredItem> item(String id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT name, attributes, " + sum("item_attributes") + " FROM item_attributes WHERE name = ?")) {
            return Sql.rows(query, this::item, id).stream().findFirst();
        }
    }

    private StoredItem item(ResultSet row) throws SQLException {
        String name = row.getString(1);
        String attributes = row.getString(2);
        return new StoredItem(name, attributes, isSound(row, Sums.ofText(name, attributes)));
    }

    /** Returns the column of checksums of a table, or NULL if the store's version has none. */
    private String sum(String table) throws SQLException {
        return Schema.has(connection, "impression") ? table + ".sum" : "NULL";
    }

    /** Returns whether the third column matches the checksum, or is NULL. */
    private static boolean isSound(ResultSet row, long sum) throws SQLException {
        return row.getLong(3) == sum || row.wasNull();
    }

    /** Returns the type of each attribute. */
    Map<String, String> attributeTypes() throws SQLException {
        return pairs("SELECT name, type FROM attribute_type");
    }

    /** Returns the definition of each scenario; leaves out those that do not match their checksums. */
    Map<String, String> scenarios() throws SQLException {
        return definitions("scenario");
    }

    /** The definition of each experiment; those that do not match their checksums are left out. */
    Map<String, String> experiments() throws SQLException {
        return definitions("experiment");
    }

    /** The figures of the running experiment; null if there is none. */
    @Nullable ExperimentFigures experimentFigures() throws SQLException {
        return ExperimentWriter.read(connection);
    }

    /** The ranked events, in the order in which they were ranked; those that do not match their checksums are left out. */
    List<RankedEvent> rankedEvents() throws SQLException {
        return RankWriter.read(connection);
    }

    private Map<String, String> definitions(String table) throws SQLException {
        Map<String, String> definitions = new HashMap<>();
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT name, definition, " + sum(table) + " FROM " + table);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                String name = rows.getString(1);
                String definition = rows.getString(2);
                if (isSound(rows, Sums.ofText(name, definition))) {
                    definitions.put(name, definition);
                }
            }
        }
        return definitions;
    }

    private Map<String, String> pairs(String sql) throws SQLException {
        Map<String, String> pairs = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                pairs.put(rows.getString(1), rows.getString(2));
            }
        }
        return pairs;
    }

    void close() {
        Database.close(connection);
    }
}
