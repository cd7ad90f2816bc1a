package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads a server's store as an interaction log. */
public final class StoredLog {
    private StoredLog() {}

    /**
     * Reads and filters the events of a store, which a server may be using.
     *
     * @throws UserFacingException if the file is not a store, or is damaged or empty, or if a filter leaves no event
     */
    public static LoadedData load(Path file, PrepareOptions prepare) {
        try (StoreLog log = StoreLog.open(file)) {
            Iterator<LoggedEvent> events = log.iterator();
            if (!events.hasNext()) {
                throw new UserFacingException(file + ": the store holds no events yet");
            }
            Dataset dataset = Datasets.of(
                    () -> StreamSupport.stream(((Iterable<LoggedEvent>) () -> events).spliterator(), false)
                            .map(event -> new Interaction(event.user(), event.item(), event.time()))
                            .iterator(),
                    prepare);
            String name = file.getFileName().toString();
            Dataset named = new Dataset(
                    dataset.users(),
                    dataset.items(),
                    dataset.offsets(),
                    dataset.events(),
                    dataset.times(),
                    dataset.hasTimes(),
                    dataset.inputs(),
                    new DataSource(
                            name, dataset.source().sha256(), dataset.source().steps()));
            ReadReport report = new ReadReport(
                    "event store",
                    "user",
                    "item",
                    "time",
                    "moments",
                    false,
                    dataset.source().steps().getFirst().interactions(),
                    0,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    ReadOptions.defaults());
            return new LoadedData(named, report);
        }
    }
}
