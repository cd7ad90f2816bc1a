package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks for damage in a store that no process is using, and saves the intact records to another file. */
public final class StoreCheck {
    private static final int BATCH = 1000;

    private final Database database;

    /**
     * The findings of a check.
     *
     * @param users the number of users in the file, as far as they can be counted
     * @param events the number of events in the file, as far as they can be counted
     * @param findings the damage, one line each; none if the file is intact
     */
    public record Report(long users, long events, List<String> findings) {
        /** Returns whether nothing is damaged. */
        public boolean isSound() {
            return findings.isEmpty();
        }
    }

    /**
     * The counts of a repair.
     *
     * @param users the number of users saved
     * @param events the number of events saved
     * @param lostUsers the number of users whose id could not be read, or who have no intact event
     * @param lostEvents the number of events that are known to have existed but could not be read
     * @param catalogue whether the deny list, availability, added items, attributes, scenarios and impressions could
     *     all be read and saved
     */
    public record Repaired(long users, long events, long lostUsers, long lostEvents, boolean catalogue) {}

    private StoreCheck(Database database) {
        this.database = database;
    }

    /** Creates a check of the store in {@code file}; throws {@link UserFacingException} if the file does not exist. */
    public static StoreCheck of(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserFacingException(file + ": there is no such file");
        }
        return new StoreCheck(Database.of(file));
    }

    /**
     * Verifies the structure and every record of the file. Does not change the file, except for an upgrade to this
     * version.
     *
     * @throws UserFacingException if the file is in use or is not an event store
     */
    public Report check() {
        StoreLock lock = StoreLock.of(database.file());
        try (Connection connection = database.connect()) {
            List<String> findings = new ArrayList<>();
            Schema.checkIdentity(connection, database.file());
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("PRAGMA integrity_check(20)")) {
                while (rows.next()) {
                    if (!rows.getString(1).equals("ok")) {
                        findings.add(rows.getString(1).replaceAll("\\s+", " "));
                    }
                }
            }
            if (!findings.isEmpty()) {
                return new Report(0, 0, List.copyOf(findings));
            }
            Schema.migrate(connection, database.file(), Schema.MIGRATIONS);
            Verification.Findings records = Verification.ofRecords(connection);
            findings.addAll(records.users().values());
            if (records.items() > 0) {
                findings.add(records.items() + " items do not match their checksums");
            }
            for (long user : Verification.ofEventIds(connection)) {
                findings.add("the id of an event of user number " + user + " does not match its checksum");
            }
            for (long user : Verification.ofTypes(connection)) {
                findings.add("the type of an event of user number " + user + " does not match its checksum");
            }
            for (long user : Verification.ofContexts(connection)) {
                findings.add("the context of an event of user number " + user + " does not match its checksum");
            }
            findings.addAll(Verification.ofCatalogue(connection));
            findings.addAll(Verification.ofImpressions(connection));
            return new Report(
                    Schema.number(connection, "SELECT count(*) FROM user"),
                    Schema.number(connection, "SELECT count(*) FROM event"),
                    List.copyOf(findings));
        } catch (SQLException failure) {
            return new Report(0, 0, List.of(String.valueOf(failure.getMessage()).replaceAll("\\s+", " ")));
        } finally {
            lock.close();
        }
    }

    /**
     * Saves all intact records to a new store in {@code target}: each user's events that can be read and match their
     * checksums, in order. Does not change the damaged file.
     *
     * @throws UserFacingException if the file is in use, cannot be read at all, or {@code target} exists
     */
    public Repaired saveTo(Path target) {
        if (Files.exists(target)) {
            throw new UserFacingException(target + ": exists already; give the name of a new file");
        }
        StoreLock lock = StoreLock.of(database.file());
        try (Connection connection = database.connect();
                EventStore saved = EventStore.open(target, StoreConfig.defaults())) {
            Schema.checkIdentity(connection, database.file());
            boolean sums = Schema.number(connection, "PRAGMA user_version") > 1;
            return new Saving(connection, sums, Schema.timeUnit(connection), saved).run();
        } catch (SQLException failure) {
            throw Failures.cannotOpen(database.file(), failure);
        } finally {
            lock.close();
        }
    }

    /** A repair. Reads row by row, so that an unreadable page costs only its own rows. */
    private static final class Saving {
        private final Connection connection;
        private final boolean sums;
        private final long timeUnit;
        private final EventStore saved;
        private final Map<Long, Optional<String>> items = new HashMap<>();
        private boolean catalogue;
        private long users;
        private long events;
        private long lostUsers;
        private long lostEvents;

        Saving(Connection connection, boolean sums, long timeUnit, EventStore saved) {
            this.connection = connection;
            this.sums = sums;
            this.timeUnit = timeUnit;
            this.saved = saved;
        }

        Repaired run() throws SQLException {
            Map<Long, String> names = names();
            for (Map.Entry<Long, String> user : names.entrySet()) {
                saveUser(user.getKey(), user.getValue());
            }
            saveCatalogue();
            return new Repaired(users, events, lostUsers, lostEvents, catalogue);
        }

        private Map<Long, String> names() throws SQLException {
            Map<Long, String> names = new TreeMap<>();
            long last =
                    Schema.number(connection, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'user'");
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT name, " + sum() + " FROM user WHERE id = ?")) {
                for (long id = 1; id <= last; id++) {
                    String name = name(query, id);
                    if (name != null) {
                        names.put(id, name);
                    }
                }
            }
            return names;
        }

        private String sum() {
            return sums ? "sum" : "0";
        }

        private @Nullable String name(PreparedStatement query, long id) {
            try (ResultSet row = Sql.bind(query, id).executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                String name = row.getString(1);
                if (name != null && Ids.isValid(name) && (!sums || row.getLong(2) == Sums.ofName(id, name))) {
                    return name;
                }
            } catch (SQLException unreadable) {
                lostUsers++;
                return null;
            }
            lostUsers++;
            return null;
        }

        private void saveUser(long user, String name) throws SQLException {
            Map<Long, String> ids = eventIds(user);
            Map<Long, EventType> types = types(user);
            Map<Long, EventContext> contexts = contexts(user);
            List<Event> whole = new ArrayList<>();
            long next = -1;
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT position, item, time, " + sum() + " FROM event WHERE user = ? ORDER BY position");
                    ResultSet rows = Sql.bind(query, user).executeQuery()) {
                while (rows.next()) {
                    long position = rows.getLong(1);
                    lostEvents += next < 0 ? 0 : Math.max(0, position - next);
                    next = position + 1;
                    long item = rows.getLong(2);
                    String itemName = item(item);
                    long sum = Sums.ofEvent(user, position, item, rows.getLong(3));
                    if (itemName != null && (!sums || rows.getLong(4) == sum)) {
                        whole.add(new Event(
                                name,
                                itemName,
                                timeUnit * rows.getLong(3),
                                ids.get(position),
                                types.getOrDefault(position, EventType.NONE),
                                contexts.getOrDefault(position, EventContext.NONE)));
                    } else {
                        lostEvents++;
                    }
                }
            } catch (SQLException unreadable) {
                lostEvents++; // This event, and those after it that cannot be counted.
            }
            if (whole.isEmpty()) {
                lostUsers++;
                return;
            }
            users++;
            events += whole.size();
            for (int from = 0; from < whole.size(); from += BATCH) {
                saved.append(whole.subList(from, Math.min(whole.size(), from + BATCH)));
            }
        }

        private Map<Long, String> eventIds(long user) throws SQLException {
            Map<Long, String> ids = new HashMap<>();
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT position, id, " + sum() + " FROM event_id WHERE user = ?");
                    ResultSet rows = Sql.bind(query, user).executeQuery()) {
                while (rows.next()) {
                    String id = rows.getString(2);
                    long position = rows.getLong(1);
                    boolean sound = id != null
                            && Ids.isValid(id)
                            && (!sums || rows.getLong(3) == Sums.ofEventId(user, id, position));
                    if (sound) {
                        ids.put(position, id);
                    }
                }
            } catch (SQLException unreadable) {
                return ids; // Events without their ids are better than none.
            }
            return ids;
        }

        /** The types of a user's events; one that is damaged is lost, and its event is saved without one. */
        private Map<Long, EventType> types(long user) throws SQLException {
            Map<Long, EventType> types = new HashMap<>();
            if (!Schema.has(connection, "event_type")) {
                return types;
            }
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT position, name, value, sum FROM event_type WHERE user = ?");
                    ResultSet rows = Sql.bind(query, user).executeQuery()) {
                while (rows.next()) {
                    long position = rows.getLong(1);
                    EventType type = Schema.type(rows, 2);
                    if (rows.getLong(4) == Sums.ofType(user, position, type.name(), type.value())) {
                        types.put(position, type);
                    }
                }
            } catch (SQLException | UserFacingException unreadable) {
                return types; // events without their types are better than none
            }
            return types;
        }

        /** The contexts of a user's events; one that is damaged is lost, and its event is saved without one. */
        private Map<Long, EventContext> contexts(long user) throws SQLException {
            Map<Long, EventContext> contexts = new HashMap<>();
            if (!Schema.has(connection, "event_context")) {
                return contexts;
            }
            try (PreparedStatement query = connection.prepareStatement(
                            "SELECT position, context, sum FROM event_context WHERE user = ?");
                    ResultSet rows = Sql.bind(query, user).executeQuery()) {
                while (rows.next()) {
                    long position = rows.getLong(1);
                    String text = rows.getString(2);
                    if (rows.getLong(3) == Sums.ofContext(user, position, text)) {
                        contexts.put(position, EventContext.parse(text));
                    }
                }
            } catch (SQLException | UserFacingException unreadable) {
                return contexts; // events without their contexts are better than none
            }
            return contexts;
        }

        private @Nullable String item(long id) {
            return items.computeIfAbsent(id, this::readItem).orElse(null);
        }

        private Optional<String> readItem(long id) {
            try (PreparedStatement query =
                            connection.prepareStatement("SELECT name, " + sum() + " FROM item WHERE id = ?");
                    ResultSet row = Sql.bind(query, id).executeQuery()) {
                String name = row.next() ? row.getString(1) : null;
                return Optional.ofNullable(name)
                        .filter(Ids::isValid)
                        .filter(valid -> !sums || sumOf(row) == Sums.ofName(id, valid));
            } catch (SQLException unreadable) {
                return Optional.empty(); // The loss is counted with the item's events.
            }
        }

        private static long sumOf(ResultSet row) {
            try {
                return row.getLong(2);
            } catch (SQLException unreadable) {
                return -1; // Checksums are never negative.
            }
        }

        private void saveCatalogue() {
            try {
                EventReader reader =
                        new EventReader(connection, new Retention(StoreConfig.defaults(), InstantSource.system()));
                saved.deny(reader.denied());
                for (String item : reader.unavailable()) {
                    saved.setAvailability(item, false);
                }
                for (AddedItem item : reader.added()) {
                    saved.add(item);
                }
                catalogue = true;
                if (Schema.has(connection, "item_attributes")) {
                    saveAttributes(reader);
                }
                if (Schema.has(connection, "scenario")) {
                    Map<String, String> scenarios = reader.scenarios();
                    scenarios.forEach(saved::putScenario);
                    catalogue &= scenarios.size() == Schema.number(connection, "SELECT count(*) FROM scenario");
                }
                if (Schema.has(connection, "impression")) {
                    saveImpressions();
                }
                if (Schema.has(connection, "experiment")) {
                    Map<String, String> experiments = reader.experiments();
                    ExperimentFigures figures = reader.experimentFigures();
                    Instant started = figures == null ? Instant.EPOCH : figures.started();
                    experiments.forEach((name, definition) -> saved.putExperiment(name, definition, started));
                    if (figures != null) {
                        saved.putExperimentFigures(figures);
                    }
                    catalogue &= experiments.size() == Schema.number(connection, "SELECT count(*) FROM experiment");
                }
                if (Schema.has(connection, "ranked_event")) {
                    List<RankedEvent> ranked = reader.rankedEvents();
                    saved.run(writer -> {
                        writer.ranks().restore(ranked);
                        return ranked;
                    });
                    catalogue &= ranked.size() == Schema.number(connection, "SELECT count(*) FROM ranked_event");
                }
            } catch (SQLException | UserFacingException unreadable) {
                catalogue = false; // The report mentions it.
            }
        }

        private void saveAttributes(EventReader reader) throws SQLException {
            saved.putItems(List.of(), reader.attributeTypes());
            List<StoredItem> page = reader.items("", BATCH);
            while (!page.isEmpty()) {
                List<StoredItem> sound = page.stream().filter(StoredItem::sound).toList();
                catalogue &= sound.size() == page.size();
                saved.putItems(sound, Map.of());
                page = reader.items(page.getLast().id(), BATCH);
            }
        }

        private void saveImpressions() throws SQLException {
            List<ImpressionWriter.Row> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet each = statement.executeQuery(ImpressionWriter.ALL)) {
                while (each.next()) {
                    ImpressionWriter.Row row = ImpressionWriter.Row.read(each);
                    if (row.isSound()) {
                        rows.add(row);
                    } else {
                        catalogue = false;
                    }
                }
            }
            List<PlaceFigures> places =
                    new EventReader(connection, new Retention(StoreConfig.defaults(), InstantSource.system())).places();
            saved.run(writer -> {
                writer.restore(rows, places);
                return rows;
            });
        }
    }
}
