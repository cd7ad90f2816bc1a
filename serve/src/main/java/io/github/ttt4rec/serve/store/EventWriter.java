package io.github.ttt4rec.serve.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes users and events, one transaction after the other, on one thread. */
final class EventWriter {
    private static final int CACHED_ITEMS = 1 << 16;

    private final Connection connection;
    private final Retention retention;
    private final StoreCounters counters;
    private final CatalogueWriter catalogue;
    private final ImpressionWriter impressions;
    private final ExperimentWriter experiments;
    private final RankWriter ranks;
    private final PreparedStatement findUser;
    private final PreparedStatement addUser;
    private final PreparedStatement touchUser;
    private final PreparedStatement removeUser;
    private final PreparedStatement lastPosition;
    private final PreparedStatement findEventId;
    private final PreparedStatement addEventId;
    private final PreparedStatement removeEventIds;
    private final PreparedStatement addType;
    private final PreparedStatement removeTypes;
    private final PreparedStatement addContext;
    private final PreparedStatement removeContexts;
    private final PreparedStatement findItem;
    private final PreparedStatement addItem;
    private final PreparedStatement addEvent;
    private final PreparedStatement removeEvents;
    private final PreparedStatement sumUser;
    private final PreparedStatement sumItem;
    private final PreparedStatement count;
    private final long owner;

    /** The users in this transaction, by id. */
    private final Map<String, User> users = new HashMap<>();

    private final Map<String, Long> items = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > CACHED_ITEMS;
        }
    };

    private StoreCounters.Change change = new StoreCounters.Change();

    private static final class User {
        final long id;
        /** The position of the next event. */
        long next;

        long activeHour;

        User(long id, long next, long activeHour) {
            this.id = id;
            this.next = next;
            this.activeHour = activeHour;
        }
    }

    /**
     * Creates a writer on {@code connection}, which it closes.
     *
     * @param owner the number that marks this process as the owner of the store
     */
    EventWriter(Connection connection, Retention retention, StoreCounters counters, long owner) throws SQLException {
        this.connection = connection;
        this.owner = owner;
        this.retention = retention;
        this.counters = counters;
        catalogue = new CatalogueWriter(connection);
        impressions = new ImpressionWriter(connection);
        experiments = new ExperimentWriter(connection);
        ranks = new RankWriter(connection);
        findUser = connection.prepareStatement("SELECT id, active_hour FROM user WHERE name = ?");
        addUser =
                connection.prepareStatement("INSERT INTO user (name, active_hour, sum) VALUES (?, ?, 0) RETURNING id");
        touchUser = connection.prepareStatement("UPDATE user SET active_hour = ? WHERE id = ?");
        removeUser = connection.prepareStatement("DELETE FROM user WHERE id = ?");
        lastPosition = connection.prepareStatement("SELECT max(position) FROM event WHERE user = ?");
        findEventId = connection.prepareStatement("SELECT position FROM event_id WHERE user = ? AND id = ?");
        addEventId = connection.prepareStatement("INSERT INTO event_id (user, id, position, sum) VALUES (?, ?, ?, ?)");
        removeEventIds = connection.prepareStatement("DELETE FROM event_id WHERE user = ? AND position < ?");
        addType = connection.prepareStatement(
                "INSERT INTO event_type (user, position, name, value, sum) VALUES (?, ?, ?, ?, ?)");
        removeTypes = connection.prepareStatement("DELETE FROM event_type WHERE user = ? AND position < ?");
        addContext = connection.prepareStatement(
                "INSERT INTO event_context (user, position, context, sum) VALUES (?, ?, ?, ?)");
        removeContexts = connection.prepareStatement("DELETE FROM event_context WHERE user = ? AND position < ?");
        findItem = connection.prepareStatement("SELECT id FROM item WHERE name = ?");
        addItem = connection.prepareStatement("INSERT INTO item (name, sum) VALUES (?, 0) RETURNING id");
        addEvent = connection.prepareStatement(
                "INSERT INTO event (user, position, item, time, sum) VALUES (?, ?, ?, ?, ?)");
        removeEvents = connection.prepareStatement("DELETE FROM event WHERE user = ? AND position < ?");
        sumUser = connection.prepareStatement("UPDATE user SET sum = ? WHERE id = ?");
        sumItem = connection.prepareStatement("UPDATE item SET sum = ? WHERE id = ?");
        count = connection.prepareStatement("UPDATE server SET accepted = accepted + ? WHERE owner = ?");
    }

    /** Returns the writer of data on items. */
    CatalogueWriter catalogue() {
        return catalogue;
    }

    /** Returns the writer of the running experiment and its figures. */
    ExperimentWriter experiments() {
        return experiments;
    }

    /** Returns the writer of the ranks of live quality. */
    RankWriter ranks() {
        return ranks;
    }

    /** Counts a list that a user was shown; returns the number of its items that were already counted. */
    int show(Impression list) throws SQLException {
        return impressions.show(list, change);
    }

    /** Adds items that a user was shown, as another store recorded them; returns the number added. */
    int addShown(String user, List<ShownItem> items) throws SQLException {
        return impressions.add(user, items, retention.micros());
    }

    /** Copies impressions of a damaged store into this one. */
    void restore(List<ImpressionWriter.Row> rows, List<PlaceFigures> places) throws SQLException {
        impressions.restore(rows, places);
    }

    /** Removes some of the expired impressions. */
    void expireImpressions() throws SQLException {
        change.removed += impressions.expire(retention.micros());
    }

    void begin() throws SQLException {
        users.clear();
        change = new StoreCounters.Change();
        connection.setAutoCommit(false);
    }

    /** Commits, unless another process has taken over the store. */
    void commit() throws SQLException {
        if (Sql.run(count, change.accepted, owner) == 0) {
            throw new StoreLostException("another process has taken the store");
        }
        connection.setAutoCommit(true);
        counters.add(change);
    }

    /** Adds an event with which the user takes the item, unless the user has one of that id. */
    Appended append(Event event) throws SQLException {
        return append(event, true);
    }

    /**
     * Adds an event, unless the user has one with that id.
     *
     * @param takes whether the user takes the item with it, so that earlier impressions of the item no longer count
     */
    Appended append(Event event, boolean takes) throws SQLException {
        User user = user(event.user());
        if (event.eventId() != null) {
            Long original = Sql.number(findEventId, user.id, event.eventId());
            if (original != null) {
                change.duplicates++;
                return new Appended(user.id, original, event.eventId(), true);
            }
        }
        long position = user.next++;
        long item = item(event.item());
        long sum = Sums.ofEvent(user.id, position, item, event.timeMicros());
        Sql.run(addEvent, user.id, position, item, event.timeMicros(), sum);
        if (event.eventId() != null) {
            Sql.run(addEventId, user.id, event.eventId(), position, Sums.ofEventId(user.id, event.eventId(), position));
        }
        addType(user.id, position, event.type());
        addContext(user.id, position, event.context());
        if (takes) {
            impressions.take(event.user(), event.item(), retention.micros(), change);
        }
        change.events++;
        change.accepted++;
        if (user.activeHour != retention.hour()) {
            user.activeHour = retention.hour();
            Sql.run(touchUser, user.activeHour, user.id);
        }
        if (retention.firstKept(user.next) > retention.firstKept(position)) {
            trim(user.id, retention.firstKept(user.next));
        }
        return new Appended(
                user.id, position, event.eventId() == null ? Event.madeId(position) : event.eventId(), false);
    }

    private void addType(long user, long position, EventType type) throws SQLException {
        if (!type.isNone()) {
            // SQLite stores NaN as NULL.
            long sum = Sums.ofType(user, position, type.name(), type.value());
            Sql.run(addType, user, position, type.name(), type.value(), sum);
        }
    }

    private void addContext(long user, long position, EventContext context) throws SQLException {
        if (!context.isNone()) {
            String text = context.text();
            Sql.run(addContext, user, position, text, Sums.ofContext(user, position, text));
        }
    }

    /** Removes the events before a position and returns their number. */
    long trim(long user, long firstKept) throws SQLException {
        Sql.run(removeEventIds, user, firstKept);
        Sql.run(removeTypes, user, firstKept);
        Sql.run(removeContexts, user, firstKept);
        long removed = Sql.run(removeEvents, user, firstKept);
        change.events -= removed;
        change.removed += removed;
        return removed;
    }

    /** Removes a user with all events, impressions, figures and ranks; returns false if there is no data of that user. */
    boolean forget(String name) throws SQLException {
        long shown = impressions.forget(name);
        change.removed += shown;
        Long id = Sql.number(findUser, name);
        if (id == null) {
            return shown > 0;
        }
        trim(id, Long.MAX_VALUE);
        change.removed += experiments.forget(id);
        change.removed += ranks.forget(id);
        Sql.run(removeUser, id);
        change.users--;
        change.removed++;
        users.remove(name);
        return true;
    }

    /** Removes a user who is still idle; returns false if the user has had an event since, or does not exist. */
    boolean forgetIdle(String name) throws SQLException {
        findUser.setString(1, name);
        try (ResultSet rows = findUser.executeQuery()) {
            if (!rows.next() || !retention.isIdle(rows.getLong(2))) {
                return false;
            }
        }
        return forget(name);
    }

    /** For tests: simulates a full disk when the file reaches this number of pages. */
    void limitPages(int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA max_page_count = " + pages);
        }
    }

    /** Closes the connection; uncommitted changes are rolled back. */
    void close() {
        Database.close(connection);
    }

    private User user(String name) throws SQLException {
        User known = users.get(name);
        if (known == null) {
            known = findOrAddUser(name);
            users.put(name, known);
        }
        return known;
    }

    private User findOrAddUser(String name) throws SQLException {
        findUser.setString(1, name);
        try (ResultSet rows = findUser.executeQuery()) {
            if (rows.next()) {
                long id = rows.getLong(1);
                Long last = Sql.number(lastPosition, id);
                return new User(id, last == null ? 0 : last + 1, rows.getLong(2));
            }
        }
        change.users++;
        long id = required(Sql.number(addUser, name, retention.hour()));
        Sql.run(sumUser, Sums.ofName(id, name), id);
        return new User(id, 0, retention.hour());
    }

    private long item(String name) throws SQLException {
        Long known = items.get(name);
        if (known == null) {
            known = Sql.number(findItem, name);
            if (known == null) {
                known = required(Sql.number(addItem, name));
                Sql.run(sumItem, Sums.ofName(known, name), known);
            }
            items.put(name, required(known));
        }
        return required(known);
    }

    private static long required(@Nullable Long number) throws SQLException {
        if (number == null) {
            throw new SQLException("an insert returned no row");
        }
        return number;
    }
}
