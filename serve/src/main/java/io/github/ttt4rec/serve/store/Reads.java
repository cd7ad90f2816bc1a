package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.serve.Pool;
import java.sql.SQLException;

/** Reads of the store, several at once, each with a connection of its own. They never wait for writes. */
final class Reads implements AutoCloseable {
    private final Database database;
    private final Quarantine quarantine;
    private final Pool<EventReader, SQLException> readers;
    private volatile boolean closed;

    Reads(Database database, Retention retention, Quarantine quarantine) {
        this.database = database;
        this.quarantine = quarantine;
        readers = new Pool<>(
                2 * Runtime.getRuntime().availableProcessors(),
                () -> new EventReader(database.connectReader(), retention),
                EventReader::close);
    }

    /** Returns the result of a query. */
    <T> T run(Pool.Use<EventReader, T, SQLException> query) {
        if (closed) {
            throw new StoreException(database.file() + ": the event store is closed");
        }
        try {
            return readers.with(query);
        } catch (SQLException failure) {
            throw Failures.failed(database.file(), failure);
        }
    }

    /** Returns the result of a query for a user, who gets into quarantine if it finds damage. */
    <T> T ofUser(String user, Pool.Use<EventReader, T, SQLException> query) {
        quarantine.require(user);
        try {
            return run(query);
        } catch (DamagedUserException damage) {
            quarantine.add(user, String.valueOf(damage.getMessage()));
            throw damage;
        } catch (StoreException failure) {
            if (failure.getCause() instanceof SQLException cause && Failures.isDamage(cause)) {
                quarantine.add(user, String.valueOf(failure.getMessage()));
                quarantine.require(user);
            }
            throw failure;
        }
    }

    /** Refuses further reads and closes the connections. */
    @Override
    public void close() {
        closed = true;
        readers.close();
    }
}
