package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.flink.job.JobSettings;
import io.github.ttt4rec.flink.job.Logs;
import io.github.ttt4rec.flink.job.TestJob;
import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.live.LiveModel;
import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.configuration.StateBackendOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the events per second of the job, of the same computation in a plain loop, and of the server's engine. It is
 * not a test, and runs only if it is given a model and a log: see docs/streaming.md.
 */
@EnabledIfSystemProperty(named = "ttt4rec.measure.model", matches = ".+")
class ThroughputTest {
    private static final int K = 10;

    @TempDir
    private Path directory;

    private TrainedModel model;
    private List<UserEvent> events;

    @Test
    void measure() throws Exception {
        Path modelDirectory = Path.of(System.getProperty("ttt4rec.measure.model"));
        model = TrainedModel.load(modelDirectory);
        Path log = Path.of(System.getProperty("ttt4rec.measure.events"));
        int most = Integer.getInteger("ttt4rec.measure.most", 60_000);
        events = read(log, most);
        Path file = directory.resolve("events.csv");
        Logs.writeCsv(file, events);
        System.out.printf(
                "%,d events of %,d users, %,d items, lists of %d after each event%n",
                events.size(),
                events.stream().map(UserEvent::user).distinct().count(),
                model.items().size(),
                K);
        loop();
        report("plain loop, one thread", loop());
        report("the server's engine, one thread, no waiting for the disk", engine());
        report("job, warming up", job(modelDirectory, file, 1, "hashmap"));
        report("job, parallelism 1, hashmap", job(modelDirectory, file, 1, "hashmap"));
        report("job, parallelism 2, hashmap", job(modelDirectory, file, 2, "hashmap"));
        report("job, parallelism 1, rocksdb", job(modelDirectory, file, 1, "rocksdb"));
        report("job, parallelism 2, rocksdb", job(modelDirectory, file, 2, "rocksdb"));
    }

    private void report(String what, double seconds) {
        System.out.printf(
                "%-60s %6.2f s  %,8.0f events/s  %5.1f us/event%n",
                what, seconds, events.size() / seconds, 1e6 * seconds / events.size());
    }

    private static List<UserEvent> read(Path log, int most) throws Exception {
        List<UserEvent> events = new ArrayList<>();
        try (RowReader rows = RowFormat.events(ReadOptions.defaults()).open(log)) {
            Row row = rows.next();
            while (row != null && events.size() < most) {
                UserEvent event = (UserEvent) row;
                events.add(new UserEvent(event.user(), event.item(), event.time(), "event-" + events.size()));
                row = rows.next();
            }
        }
        return events;
    }

    /** Keeps state on the heap only, stores no events, checks no duplicates, uses one thread. */
    private double loop() {
        LiveModel live = new LiveModel(model, 1, LiveModel.policy(model, null));
        ModelReader reader = model.newReader();
        Map<String, LiveState> states = new HashMap<>();
        Map<String, int[]> histories = new HashMap<>();
        long start = System.nanoTime();
        for (UserEvent event : events) {
            int[] before = histories.getOrDefault(event.user(), new int[0]);
            int[] items = IntStream.concat(IntStream.of(before), IntStream.of(live.index(event.item())))
                    .toArray();
            histories.put(event.user(), items);
            LiveState state = LiveState.read(live, reader, states.get(event.user()), 0, items);
            states.put(event.user(), state);
            live.recommend(reader, live.query(state.vector(), items, new long[0], 0), K, live.catalogue());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private double engine() {
        EventStore store =
                EventStore.open(directory.resolve("engine.db"), new StoreConfig(Durability.OFF, 0, Duration.ZERO));
        try (Engine engine = Engine.open(model, store, new EngineConfig(null, 1L << 30))) {
            long start = System.nanoTime();
            for (UserEvent event : events) {
                engine.append(new Event(event.user(), event.item(), event.time(), event.eventId()));
                engine.recommend(event.user(), K, ItemFilter.NONE);
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** Measured from the first recommendation to the end of the job, without Flink's start. */
    private double job(Path modelDirectory, Path file, int parallelism, String backend) throws Exception {
        Path out = Files.createTempDirectory(directory, "out");
        TestJob job = new TestJob(file, modelDirectory, out);
        job.settings = JobSettings.defaults().withK(K);
        job.parallelism = parallelism;
        job.clocked = true;
        job.configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        job.run();
        return TestJob.secondsFromFirstAnswer();
    }
}
