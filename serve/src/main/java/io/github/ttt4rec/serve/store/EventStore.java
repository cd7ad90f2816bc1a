package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Every user's events, in order, in one SQLite file with a write-ahead log. Thread-safe within one process; a second
 * process is refused.
 *
 * <p><b>Promises.</b> When {@link #append} returns, the events are committed and survive the failures that the {@link
 * Durability} names. Each event has a position in its user's order, which is the order of commits and never changes; a
 * user's positions count from 0 without gaps. All events of one call are committed together or not at all. An event
 * whose id the user already has is not stored again, even if both arrive at once, so a client that retries until
 * acknowledged stores each event exactly once. A read that follows an acknowledged write sees it.
 *
 * <p>Writing calls wait for the disk; calls that arrive in the meantime share the next commit, see {@link GroupCommit}.
 * Reads never wait for writes.
 */
public final class EventStore implements AutoCloseable {
    private final Database database;
    private final StoreConfig config;
    private final StoreLock lock;
    private final StoreCounters counters;
    private final GroupCommit commits;
    private final Checkpoints checkpoints;
    private final Retention retention;
    private final Reads reads;
    private final Sweep sweep;
    private final Quarantine quarantine = new Quarantine();
    private final List<String> notes;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EventStore(Database database, StoreConfig config, InstantSource clock, StoreLock lock) throws SQLException {
        this.database = database;
        this.config = config;
        this.lock = lock;
        retention = new Retention(config, clock);
        long acceptedBefore;
        long owner = new SecureRandom().nextLong();
        List<String> damagedCatalogue;
        try (Connection connection = database.connect()) {
            damagedCatalogue = Verification.ofCatalogue(connection);
            for (Map.Entry<Long, String> damaged :
                    Verification.ofRecords(connection).users().entrySet()) {
                quarantine.add(
                        Schema.text(connection, "SELECT name FROM user WHERE id = " + damaged.getKey()),
                        damaged.getValue());
            }
            counters = new StoreCounters(
                    Schema.number(connection, "SELECT count(*) FROM user"),
                    Schema.number(connection, "SELECT count(*) FROM event"));
            acceptedBefore = Schema.number(connection, "SELECT accepted FROM server");
            Schema.execute(connection, "UPDATE server SET owner = " + owner);
        }
        notes = notes(lock.before(), acceptedBefore, damagedCatalogue);
        database.remember();
        reads = new Reads(database, retention, quarantine);
        commits = new GroupCommit(
                database,
                () -> new EventWriter(database.connectWriter(config.durability()), retention, counters, owner),
                counters);
        checkpoints = new Checkpoints(
                database.connectWriter(config.durability()),
                commits,
                counters,
                database.gaps(),
                new Checkpoints.AcceptedCount(lock, acceptedBefore));
        sweep = new Sweep(database.file(), retention, reads, commits, counters);
    }

    private List<String> notes(StoreLock.Mark before, long accepted, List<String> damagedCatalogue) {
        List<String> found = new ArrayList<>();
        if (before.accepted() > accepted) {
            found.add(database.file() + ": " + (before.accepted() - accepted)
                    + " events that were accepted before are missing: the end of the log is lost, or an older copy of the"
                    + " file was put in its place");
        } else if (before.accepted() > 0 && !before.clean()) {
            found.add(
                    database.file() + ": the process before did not close the store; " + (accepted - before.accepted())
                            + " events of its last moments were found in the log, and none is missing");
        }
        if (quarantine.count() > 0) {
            found.add(database.file() + ": the events of " + quarantine.count()
                    + " users are damaged and are not read; './ttt4rec check --state " + database.file()
                    + "' tells more and repairs them");
        }
        for (String finding : damagedCatalogue) {
            found.add(database.file() + ": " + finding + " and are not used; './ttt4rec check --state "
                    + database.file() + "' saves what is whole");
        }
        return List.copyOf(found);
    }

    /** Opens the store in {@code file}; see {@link #open(Path, StoreConfig, InstantSource)}. */
    public static EventStore open(Path file, StoreConfig config) {
        return open(file, config, SteadyClock.system());
    }

    /**
     * Opens the store in {@code file}, or creates it. Reads the whole file once to check it, and upgrades a file of an
     * older version.
     *
     * @param clock the clock for the times at which users were last active
     * @throws UserFacingException that names the file, if it is not a store, is damaged, of a newer version, in use by
     *     another process, or cannot be read and written
     */
    public static EventStore open(Path file, StoreConfig config, InstantSource clock) {
        Database database = Database.of(file);
        refuseOtherFile(database);
        StoreLock lock = StoreLock.of(database.file());
        boolean opened = false;
        try {
            if (!Files.exists(database.file())) {
                NewStore.create(database, lock.before());
            }
            database.requireOneName();
            try (Connection connection = database.connect()) {
                Schema.checkIdentity(connection, database.file());
                Schema.checkStructure(connection, database);
                Schema.migrate(connection, database.file(), Schema.MIGRATIONS);
                Schema.useLog(connection, database.file());
            }
            EventStore store = new EventStore(database, config, clock, lock);
            opened = true;
            return store;
        } catch (SQLException failure) {
            throw Failures.cannotOpen(database.file(), failure);
        } finally {
            if (!opened) {
                lock.close();
            }
        }
    }

    /** Refuses a file that is no store before its lock is created, so that nothing is left beside it. */
    private static void refuseOtherFile(Database database) {
        if (!Files.exists(database.file()) || Schema.isStore(database.file())) {
            return;
        }
        try (Connection connection = database.connectReader()) {
            Schema.checkIdentity(connection, database.file());
        } catch (SQLException failure) {
            throw Failures.cannotOpen(database.file(), failure);
        }
    }

    /** Returns the store's configuration. */
    public StoreConfig config() {
        return config;
    }

    /**
     * Appends events of one or several users, all or none, and returns when they are committed. Returns one result for
     * each event, in the same order.
     *
     * @throws StoreException if they could not be stored
     */
    public List<Appended> append(List<Event> events) {
        return append(events, event -> true);
    }

    /**
     * The same.
     *
     * @param takes whether an event takes its item, so that earlier impressions of the item no longer count for the user
     */
    public List<Appended> append(List<Event> events, Predicate<Event> takes) {
        return commits.run(writer -> {
            List<Appended> results = new ArrayList<>(events.size());
            for (Event event : events) {
                results.add(writer.append(event, takes.test(event)));
            }
            return results;
        });
    }

    /**
     * Returns the items of a user's kept and committed events; empty for an unknown user.
     *
     * @throws DamagedUserException if the user's stored events are damaged
     */
    public Optional<History> history(String user) {
        return Ids.isValid(user) ? reads.ofUser(user, reader -> reader.history(user)) : Optional.empty();
    }

    /**
     * Returns a user's kept events, oldest first; none for an unknown user. Throws the same errors as {@link #history}.
     */
    public List<StoredEvent> events(String user) {
        return Ids.isValid(user) ? reads.ofUser(user, reader -> reader.events(user)) : List.of();
    }

    /** Returns a user's kept events that have a context; empty if there are none. Throws the same errors as {@link #history}. */
    public Optional<ContextEvents> contextEvents(String user) {
        return Ids.isValid(user) ? reads.ofUser(user, reader -> reader.contextEvents(user)) : Optional.empty();
    }

    /** Returns the ids of the users with events that have a context, in no particular order. */
    public List<String> usersWithContexts() {
        return reads.run(EventReader::usersWithContexts);
    }

    /** Receives an event without its user. */
    @FunctionalInterface
    public interface EventConsumer {
        /** Receives the item, the time in epoch microseconds and the type of an event. */
        void accept(String item, long timeMicros, EventType type);
    }

    /** Passes each kept event to a consumer, in no particular order. Reads the whole table of events. */
    public void eachEvent(EventConsumer consumer) {
        reads.run(reader -> {
            reader.eachEvent(consumer);
            return reader;
        });
    }

    /**
     * Returns the users whose stored events are known to be damaged, from the check at the start or from reads since.
     */
    public int damagedUsers() {
        return quarantine.count();
    }

    /** Returns whether the user's stored events are known to be damaged. */
    public boolean isDamaged(String user) {
        return quarantine.contains(user);
    }

    /** Returns notes for the operator about the state of the file at the start, one line each. */
    public List<String> notes() {
        return notes;
    }

    /** Returns whether removed data may still be in the log: for a few seconds, or until a backup ends. */
    public boolean erasing() {
        return checkpoints.erasing();
    }

    /**
     * Deletes a user with all events; returns false if there is no such user. Deleted data is overwritten in the file,
     * and the log is emptied within seconds, see {@link #erasing}. Backups keep their copies.
     */
    public boolean forget(String user) {
        boolean existed = Ids.isValid(user) && commits.run(writer -> writer.forget(user));
        if (existed) {
            quarantine.remove(user);
        }
        return existed;
    }

    /**
     * Deletes a user from the store in {@code file}, such as a backup, which no process may be using. Returns when the
     * file and its log contain no data of the user; false if there is no such user.
     */
    public static boolean forget(Path file, String user) {
        if (!Files.isRegularFile(file)) {
            throw new UserFacingException(file + ": there is no such file");
        }
        try (EventStore store = open(file, StoreConfig.defaults())) {
            return store.forget(user);
        }
    }

    /**
     * Checks the next {@code count} users by number after {@code after}: forgets idle users and removes events beyond
     * the maximum. For active users, appending removes these events.
     */
    public Swept sweep(long after, int count) {
        return sweep.slice(after, count);
    }

    /** Returns the number of idle users who are kept because they exceed the number that one round may forget. */
    public long heldBack() {
        return sweep.heldBack();
    }

    /** Returns the unavailable items. */
    public Set<String> unavailable() {
        return reads.run(EventReader::unavailable);
    }

    /** Sets whether an item is available; durable when it returns. */
    public void setAvailability(String item, boolean available) {
        Ids.require(item, "item");
        commits.run(writer -> {
            writer.catalogue().setAvailability(item, available);
            return item;
        });
    }

    /** Returns the items that must never be recommended. */
    public Set<String> denied() {
        return reads.run(EventReader::denied);
    }

    /** Replaces the set of items that must never be recommended; durable when it returns. */
    public void deny(Set<String> items) {
        items.forEach(item -> Ids.require(item, "item"));
        commits.run(writer -> {
            writer.catalogue().deny(items);
            return items;
        });
    }

    /** Opens the currently committed events as a log to read once. */
    public StoreLog log() {
        return StoreLog.open(database.file());
    }

    /** Passes only events at or after a time. */
    public StoreLog log(Instant since) {
        return StoreLog.open(database.file(), since);
    }

    /**
     * Returns the items added since the training, by hand or because users had them, in the order of their addition.
     */
    public List<AddedItem> addedItems() {
        return reads.run(EventReader::added);
    }

    /** Stores an added item and replaces one of the same id; durable when it returns. */
    public void add(AddedItem item) {
        Ids.require(item.id(), "item");
        item.similarTo().forEach(similar -> Ids.require(similar, "similar item"));
        commits.run(writer -> {
            writer.catalogue().add(item);
            return item;
        });
    }

    /**
     * Returns the attributes of the next {@code count} items after {@code after}, in SQLite's order of ids; "" starts
     * at the first.
     */
    public List<StoredItem> items(String after, int count) {
        return reads.run(reader -> reader.items(after, count));
    }

    /** Returns the attributes of an item; empty if it has none. */
    public Optional<StoredItem> item(String id) {
        return Ids.isValid(id) ? reads.run(reader -> reader.item(id)) : Optional.empty();
    }

    /** Returns the type of each attribute that an item has or had. */
    public Map<String, String> attributeTypes() {
        return reads.run(EventReader::attributeTypes);
    }

    /**
     * Sets the attributes of items, all or none; durable when it returns.
     *
     * @param types the types of attributes that first occur in these items
     */
    public void putItems(List<StoredItem> items, Map<String, String> types) {
        items.forEach(item -> Ids.require(item.id(), "item"));
        commits.run(writer -> {
            for (Map.Entry<String, String> type : types.entrySet()) {
                writer.catalogue().declare(type.getKey(), type.getValue());
            }
            for (StoredItem item : items) {
                writer.catalogue().putItem(item);
            }
            return items;
        });
    }

    /**
     * Counts a list that a user was shown; durable when it returns. Returns the number of its items that were already
     * counted.
     */
    public int show(Impression list) {
        Ids.require(list.user(), "user");
        list.items().forEach(item -> Ids.require(item, "item"));
        return commits.run(writer -> writer.show(list));
    }

    /**
     * Adds items that a user was shown but has not taken, as another store recorded them; durable when it returns. Skips
     * items that are stored as shown already, that the user has taken since, or that expired.
     *
     * @param items their scenarios are names as in {@link Impression}
     * @return the number of items added
     */
    public int addShown(String user, List<ShownItem> items) {
        Ids.require(user, "user");
        items.forEach(item -> Ids.require(item.item(), "item"));
        List<StoredEvent> events = events(user);
        List<ShownItem> open = items.stream()
                .filter(shown -> events.stream()
                        .noneMatch(
                                event -> event.item().equals(shown.item()) && event.timeMicros() >= shown.timeMicros()))
                .toList();
        return commits.run(writer -> writer.addShown(user, open));
    }

    /** Returns the items that a user was shown but has not taken; leaves out damaged records. */
    public List<ShownItem> shown(String user) {
        return Ids.isValid(user) ? reads.run(reader -> reader.shown(user)) : List.of();
    }

    /** Returns the numbers of items shown and taken, by scenario and place. */
    public List<PlaceFigures> places() {
        return reads.run(EventReader::places);
    }

    /** Returns the definition of each scenario. */
    public Map<String, String> scenarios() {
        return reads.run(EventReader::scenarios);
    }

    /** Sets the definition of a scenario; durable when it returns. */
    public void putScenario(String name, String definition) {
        commits.run(writer -> {
            writer.catalogue().putScenario(name, definition);
            return name;
        });
    }

    /** Returns the definition of the running experiment by its name; empty if there is none. */
    public Map<String, String> experiments() {
        return reads.run(EventReader::experiments);
    }

    /**
     * Stores the running experiment without figures, and removes others; durable when it returns.
     *
     * @param started the time at which it began; stored to the microsecond
     */
    public void putExperiment(String name, String definition, Instant started) {
        commits.run(writer -> {
            writer.experiments().put(name, definition, started);
            return name;
        });
    }

    /** Returns the stored figures of the running experiment; empty if there is none. */
    public Optional<ExperimentFigures> experimentFigures() {
        return reads.run(reader -> Optional.ofNullable(reader.experimentFigures()));
    }

    /**
     * Stores changed figures of the running experiment; durable when it returns. Does nothing if it has ended, and
     * leaves out users without stored events.
     */
    public void putExperimentFigures(ExperimentFigures changed) {
        commits.run(writer -> {
            writer.experiments().put(changed);
            return changed;
        });
    }

    /** Removes all experiments and their figures; durable when it returns. */
    public void removeExperiments() {
        commits.run(writer -> {
            writer.experiments().remove();
            return writer;
        });
    }

    /** Returns the stored ranks of events of known users, in the order in which the events were ranked. */
    public List<RankedEvent> rankedEvents() {
        return reads.run(EventReader::rankedEvents);
    }

    /**
     * Stores the ranks of events; durable when it returns. Leaves out users who have been forgotten since.
     *
     * @param events events with numbers above those stored
     * @param keep the number of last numbers whose ranks the store keeps
     */
    public void putRankedEvents(List<RankedEvent> events, int keep) {
        commits.run(writer -> {
            writer.ranks().put(events, keep);
            return events;
        });
    }

    /** Removes a scenario; durable when it returns. */
    public void removeScenario(String name) {
        commits.run(writer -> {
            writer.catalogue().removeScenario(name);
            return name;
        });
    }

    /** Removes the attributes of an item durably; returns false if it has none. */
    public boolean removeItem(String item) {
        return Ids.isValid(item) && commits.run(writer -> writer.catalogue().removeItem(item));
    }

    /**
     * Writes a store with everything that is committed at the start to {@code target}; replaces an existing file
     * atomically. The store stays usable meanwhile, but its log cannot be restarted and grows.
     *
     * @throws UserFacingException if that file cannot be written
     */
    public StoreCopy backup(Path target) {
        return Backup.write(database, target);
    }

    /** Writes a copy of the store in {@code file}, which this or another process may be using. */
    public static StoreCopy backup(Path file, Path target) {
        if (!Files.isRegularFile(file)) {
            throw new UserFacingException(file + ": there is no such file");
        }
        return Backup.write(Database.of(file), target);
    }

    /**
     * Returns the first kept position of a user's n events. Earlier events are no longer shown, whether they have
     * already been removed or not.
     */
    public long firstKept(long n) {
        return retention.firstKept(n);
    }

    /** Returns counts of the store's contents and of the work since it was opened. */
    public StoreStatistics statistics() {
        return counters.statistics(database.fileBytes() + database.logBytes());
    }

    /** Completes the accepted work and closes the file. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            commits.close();
            reads.close();
            // The last connection to close copies the log to the file.
            checkpoints.close();
        } finally {
            lock.close();
        }
    }

    /** Checks that the store can be written to, without changing it; throws {@link StoreException} if it cannot. */
    public void probe() {
        commits.run(writer -> this); // Each commit writes the count of events.
    }

    /** For tests: runs an action within a commit. */
    <T> T run(GroupCommit.Work<T> work) {
        return commits.run(work);
    }
}
