package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.ChildProcess;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreCheck;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a server fifty times at random moments under load. Its client sends unacknowledged events again with the same
 * ids. No acknowledged event may be lost, duplicated or moved.
 */
class KillTest {
    private static final long SEED = 9;
    private static final int KILLS = 50;
    /** One in this many runs uses a complete engine; the others use only the store, which starts faster. */
    private static final int ENGINE_EVERY = 5;

    /** The mean number of answers of a run before the time to its kill begins. */
    private static final int MEAN_ANSWERS = 50;

    private static final int IN_FLIGHT = 64;
    private static final int USERS = 12;

    @TempDir
    private Path directory;

    private final SplittableRandom random = new SplittableRandom(SEED);
    /** Events sent but not acknowledged, by id, oldest first. */
    private final Map<String, Event> pending = new LinkedHashMap<>();

    private final Map<String, Event> acknowledged = new HashMap<>();
    private final Map<String, Long> positions = new HashMap<>();
    /** The ids that a server acknowledged before it was killed. */
    private final Set<String> byChildren = new HashSet<>();

    private int made;

    @Test
    void acknowledgedEventIsStoredOnceAtItsPosition() throws Exception {
        TrainedModel model = SmallModels.of(20, 1);
        Path modelDirectory = directory.resolve("model");
        model.save(modelDirectory);
        Path file = directory.resolve("state.db");
        EventStore.open(file, StoreConfig.defaults()).close();
        for (int life = 0; life < KILLS; life++) {
            boolean whole = life % ENGINE_EVERY == 0;
            live(whole ? List.of(file.toString(), modelDirectory.toString()) : List.of(file.toString()));
        }
        assertThat(acknowledged).as("there was load, seed %d", SEED).hasSizeGreaterThan(20 * KILLS);

        try (Engine engine =
                Engine.open(model, EventStore.open(file, StoreConfig.defaults()), EngineConfig.defaults())) {
            List<Event> again = new ArrayList<>(pending.values());
            List<AppendResult> results = engine.append(again);
            for (int i = 0; i < again.size(); i++) {
                acknowledge(again.get(i).eventId(), results.get(i).position());
            }
            check(engine, model);
            checkCatalogue(engine);
        }
        assertThat(StoreCheck.of(file).check().findings()).as("damage").isEmpty();
    }

    /** The last run stored only events; the others also stored attributes, scenarios and impressions. */
    private void checkCatalogue(Engine engine) {
        Set<String> inChildren = new HashSet<>(byChildren);
        assertThat(inChildren).hasSizeGreaterThan(20 * KILLS);
        Set<String> items = new HashSet<>();
        Set<String> scenarios = new HashSet<>();
        inChildren.forEach(id -> {
            items.add(acknowledged.get(id).item());
            scenarios.add("of-" + acknowledged.get(id).user());
        });
        assertThat(engine.items("", 1_000))
                .filteredOn(item -> item.attributes().labels().contains("sale"))
                .extracting(ItemRecord::id)
                .containsAll(items);
        assertThat(engine.scenarios().keySet()).containsAll(scenarios);
        assertThat(engine.places())
                .singleElement()
                .satisfies(place -> assertThat(place.shown()).isGreaterThanOrEqualTo(inChildren.size()));
    }

    private void check(Engine engine, TrainedModel model) {
        int stored = 0;
        for (int user = 0; user < USERS; user++) {
            UserView view = engine.user("u" + user).orElseThrow();
            assertThat(view.history()).extracting(SeenItem::eventId).doesNotHaveDuplicates();
            for (SeenItem event : view.history()) {
                assertThat(acknowledged).containsKey(event.eventId());
                assertThat(event.item())
                        .isEqualTo(acknowledged.get(event.eventId()).item());
                assertThat(event.position()).isEqualTo(positions.get(event.eventId()));
                stored++;
            }
            Reference.assertSame(
                    "seed " + SEED,
                    model,
                    HistoryPolicy.HOP,
                    view.history().stream().map(SeenItem::item).toList(),
                    engine.recommend("u" + user, 100, ItemFilter.NONE));
        }
        assertThat(stored).as("events there, of events acknowledged").isEqualTo(acknowledged.size());
    }

    /**
     * Starts a server, keeps it busy until it has given a random number of answers and for a random time after that,
     * kills it, and reads the rest of its output. The number of answers makes sure that a slow machine has load as well.
     */
    private void live(List<String> arguments) throws IOException, InterruptedException {
        Process server = ChildProcess.start(directory, KilledChild.class, arguments.toArray(String[]::new));
        Semaphore free = new Semaphore(IN_FLIGHT);
        Thread sender = Thread.ofPlatform().start(() -> send(server, free));
        try (BufferedReader answers = server.inputReader(StandardCharsets.US_ASCII)) {
            String first = answers.readLine();
            assertThat(first)
                    .as(() -> "what the server says instead of an answer: " + errors())
                    .isNotNull();
            int before = random.nextInt(2 * MEAN_ANSWERS);
            Thread killer = Thread.ofPlatform().unstarted(killing(server, random.nextInt(10_000_000)));
            int read = 0;
            for (String line = first; line != null; line = answers.readLine()) {
                note(line, free);
                if (read++ == before) {
                    killer.start();
                }
            }
            assertThat(read).as("answers before the kill").isGreaterThan(before);
            killer.join();
        } finally {
            kill(server);
            sender.interrupt();
            sender.join();
            server.waitFor();
        }
    }

    /**
     * Kills by the process handle, because the process object would close our end of its output and lose the rest of
     * it.
     */
    private static void kill(Process server) {
        server.toHandle().destroyForcibly();
    }

    private String errors() {
        try {
            return Files.readString(directory.resolve("errors.txt"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Runnable killing(Process server, int nanos) {
        return () -> {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
            kill(server);
        };
    }

    /** Sends the unacknowledged events, then new ones, with a bounded number in flight. */
    private void send(Process server, Semaphore free) {
        List<Event> again;
        synchronized (pending) {
            again = new ArrayList<>(pending.values());
        }
        try (OutputStream out = server.getOutputStream()) {
            for (int i = 0; ; i++) {
                free.acquire();
                Event event = i < again.size() ? again.get(i) : next();
                out.write((event.user() + " " + event.item() + " " + event.eventId() + "\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        } catch (IOException | InterruptedException killed) {
            // The expected end of a killed process.
        }
    }

    private Event next() {
        synchronized (pending) {
            Event event = new Event("u" + made % USERS, "i" + made % 7 * made % 23, 0, "e" + made);
            made++;
            pending.put(event.eventId(), event);
            return event;
        }
    }

    private void note(String line, Semaphore free) {
        String[] words = line.split(" ", -1);
        if (words.length == 4 && words[0].equals("ack") && words[3].equals(".")) {
            acknowledge(words[1], Long.parseLong(words[2]));
            byChildren.add(words[1]);
            free.release();
        }
    }

    private void acknowledge(String id, long position) {
        synchronized (pending) {
            Event event = pending.remove(id);
            assertThat(event).as("acknowledged for the first time: %s", id).isNotNull();
            acknowledged.put(id, event);
            positions.put(id, position);
        }
    }
}
