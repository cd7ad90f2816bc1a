package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.StreamSupport;

/** Reads a server's store as an interaction log. */
public final class StoredLog {
    private StoredLog() {}

    /**
     * Reads and filters the events of a store, which a server may be using.
     *
     * @param read its types give the roles of the events; columns do not apply to a store
     * @throws UserFacingException if it is no store, damaged or empty, if an event fits no rule of the types, or if a
     *     filter leaves nothing
     */
    public static LoadedData load(Path file, ReadOptions read, PrepareOptions prepare) {
        try (StoreLog log = StoreLog.open(file)) {
            Iterator<LoggedEvent> events = log.iterator();
            if (!events.hasNext()) {
                throw new UserFacingException(file + ": the store holds no events yet");
            }
            return Datasets.load(
                    () -> StreamSupport.stream(((Iterable<LoggedEvent>) () -> events).spliterator(), false)
                            .map(StoredLog::interaction)
                            .iterator(),
                    file.getFileName().toString(),
                    "event store",
                    read,
                    prepare);
        }
    }

    /** Converts a stored event to an event of a log. */
    public static Interaction interaction(LoggedEvent event) {
        return new Interaction(
                event.user(),
                event.item(),
                event.time(),
                event.type().name(),
                event.type().value());
    }
}
