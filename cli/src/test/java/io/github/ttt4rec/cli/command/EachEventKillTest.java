package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.engine.CatalogueUpdates;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoreLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a server that learns from each event at random moments. After each kill a server on its store must have the
 * same tables and scores, to the bit, as one that was never killed and learned the same events one by one.
 */
class EachEventKillTest {
    private static final long SEED = 11;
    private static final int KILLS = 6;
    private static final long LATER = 1_600_100_000_000_000L;

    @TempDir
    private Path directory;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void killedServerRebuildsTheTablesOfOneThatWasNeverKilled() throws IOException, InterruptedException {
        System.out.println("kills of a server that learns from each event, seed " + SEED);
        Path log = Run.log(directory, "events.csv", 60);
        List<String> arguments = Run.trainArguments(log, directory.resolve("model"), "--set", "epochs=2", "--no-test");
        arguments.remove("--no-refit");
        Run.of(arguments.toArray(String[]::new)).done();
        Path state = directory.resolve("shop.db");
        Run.of("import", "--data", log.toString(), "--state", state.toString()).done();
        try (Engine neverKilled = open(Files.copy(state, directory.resolve("reference.db")))) {
            Set<Instant> known = new HashSet<>();
            for (int kill = 1; kill <= KILLS; kill++) {
                runAndKill(state, LATER + 1_000_000_000L * kill);
                repeat(neverKilled, state, known);
                try (Engine rebuilt = open(state)) {
                    assertThat(rebuilt.learned())
                            .as("after kill %d, seed %d", kill, SEED)
                            .isNotEmpty()
                            .isEqualTo(neverKilled.learned());
                    assertThat(rebuilt.contexts())
                            .as("counts by context after kill %d, seed %d", kill, SEED)
                            .containsKeys("country=c0", "device=d1")
                            .isEqualTo(neverKilled.contexts());
                    assertThat(rebuilt.model().addedItems())
                            .containsExactlyInAnyOrderElementsOf(
                                    neverKilled.model().addedItems());
                    assertThat(scores(rebuilt))
                            .as("items and scores after kill %d, seed %d", kill, SEED)
                            .isEqualTo(scores(neverKilled));
                }
            }
        }
    }

    /** Starts a server, kills it at a random moment after its first batch, and waits for its end. */
    private void runAndKill(Path state, long time) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xlog:disable",
                        "-Dorg.sqlite.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EachEventChild.class.getName(),
                        directory.resolve("model").toString(),
                        state.toString(),
                        String.valueOf(random.nextInt()),
                        String.valueOf(time))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("errors.txt").toFile()))
                .start();
        try (BufferedReader lines = server.inputReader(StandardCharsets.US_ASCII)) {
            assertThat(lines.readLine())
                    .as(() -> "the server's first line; its errors are in " + directory.resolve("errors.txt"))
                    .isEqualTo("0");
            Thread.sleep(random.nextInt(300));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** Appends the stored events that an engine does not have yet, one by one in order of time. */
    private static void repeat(Engine engine, Path state, Set<Instant> known) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        try (StoreLog log = StoreLog.open(state, EventTime.instant(LATER))) {
            for (LoggedEvent event : log) {
                if (known.add(event.time())) {
                    events.add(new Event(
                            event.user(),
                            event.item(),
                            EventTime.micros(event.time()),
                            null,
                            event.type(),
                            event.context()));
                }
            }
        }
        assertThat(events).isNotEmpty();
        events.forEach(engine::append);
        while (engine.quality().waiting() > 0) {
            Thread.sleep(1);
        }
    }

    private Engine open(Path store) {
        return Engine.open(
                TrainedModel.load(directory.resolve("model")),
                EventStore.open(store, StoreConfig.defaults()),
                new EngineConfig(null, 1 << 20, 1, CatalogueUpdates.EACH_EVENT));
    }

    /**
     * Returns the scores of the trained items after some histories. Those of added items depend on the moment of the
     * addition, which the store keeps.
     */
    private static List<Recommendation> scores(Engine engine) {
        List<Recommendation> scores = new ArrayList<>();
        for (int item = 0; item < 20; item++) {
            engine.recommend(List.of("i" + item, "i" + item * 7 % 20), 30, ItemFilter.NONE).items().stream()
                    .filter(scored -> !scored.item().startsWith("new"))
                    .forEach(scores::add);
        }
        return scores;
    }
}
