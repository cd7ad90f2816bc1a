package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.internal.EventRanks;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.ChildProcess;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.RankedEvent;
import io.github.ttt4rec.serve.store.StoreCheck;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveQualityTest {
    private static final long SEED = 17;
    private static final int EVENTS = 900;

    @TempDir
    private Path directory;

    @Test
    void eventIsRankedByTheModelThatWasInUseBeforeItWasStored() throws InterruptedException {
        TrainedModel before = SmallModels.of(24, 2);
        TrainedModel after = SmallModels.of(20, 1);
        try (Engine engine = Engine.open(
                before,
                EventStore.open(directory.resolve("state.db"), StoreConfig.defaults()),
                new EngineConfig(null, 1 << 20, 1))) {
            // The second model does not know the item, so it would rank each event as a miss.
            List<Event> events = IntStream.range(0, EVENTS)
                    .mapToObj(i -> new Event("u" + i % 300, "i22", 1_000_000L * i, null))
                    .toList();
            engine.append(events);
            engine.swap(after);
            QualityLog log = engine.quality().log();
            while (log.added() < EVENTS) {
                assertThat(engine.quality().skipped()).isZero();
                Thread.sleep(2);
            }
            assertThat(log.entries())
                    .hasSize(EVENTS)
                    .allMatch(entry -> entry.ranks().served() != EventRanks.MISS);
            engine.append(new Event("late", "i22", 0, null));
            while (log.added() <= EVENTS) {
                Thread.sleep(2);
            }
            assertThat(log.entries())
                    .filteredOn(entry -> entry.user().equals("late"))
                    .singleElement()
                    .matches(entry -> entry.ranks().served() == EventRanks.MISS, "a miss by the model that serves now");
        }
    }

    private Engine open(TrainedModel model, String store) {
        return Engine.open(
                model,
                EventStore.open(directory.resolve(store), new StoreConfig(Durability.OFF, 0, Duration.ZERO)),
                new EngineConfig(null, 1 << 20, 1));
    }

    /** Each of 100 users has the items in the order in which the model was trained on them. */
    private static void follow(Engine engine, int from, int until) throws InterruptedException {
        for (int t = from; t < until; t++) {
            int time = t;
            engine.append(IntStream.range(0, 100)
                    .mapToObj(user -> new Event("u" + user, "i" + (user + time) % 24, 1_000_000L * time, null))
                    .toList());
        }
        await(engine);
    }

    /** Each of 100 users has items that no model knows. */
    private static void unknown(Engine engine, int events) throws InterruptedException {
        for (int t = 0; t < events; t++) {
            engine.append(IntStream.range(0, 100)
                    .mapToObj(user -> new Event("u" + user, "unknown", 0, null))
                    .toList());
        }
        await(engine);
    }

    private static void await(Engine engine) throws InterruptedException {
        while (engine.quality().waiting() > 0) {
            assertThat(engine.quality().skipped()).isZero();
            Thread.sleep(1);
        }
    }

    @Test
    void ranksSurviveARestartWithoutForgottenUsers() throws InterruptedException {
        TrainedModel model = SmallModels.of(24, 2);
        List<QualityLog.Entry> before;
        try (Engine engine = open(model, "state.db")) {
            follow(engine, 0, 8);
            engine.forget("u7");
            // A user who returns begins anew, also while the ranks of before are not stored yet.
            engine.forget("u8");
            engine.append(new Event("u8", "i3", 9_000_000L, null));
            await(engine);
            before = engine.quality().log().entries();
            assertThat(before).hasSize(8 * 98 + 1);
        }
        try (Engine engine = open(model, "state.db")) {
            assertThat(engine.quality().log().entries()).isEqualTo(before);
            assertThat(engine.quality().log().added()).isEqualTo(801);
            follow(engine, 8, 9);
            assertThat(engine.quality().log().added()).isEqualTo(901);
            engine.forget("u9");
        }
        try (Engine engine = open(model, "state.db")) {
            assertThat(engine.quality().log().entries())
                    .hasSize(8 * 98 + 1 + 100 - 9)
                    .noneMatch(entry -> entry.user().equals("u9"));
        }
        assertThat(StoreCheck.of(directory.resolve("state.db")).check().findings())
                .isEmpty();
    }

    @Test
    void courseIsThatOfTheEventsInTheOrderInWhichTheyWereRanked() throws InterruptedException {
        TrainedModel model = SmallModels.of(24, 2);
        List<QualityLog.Figures> before;
        try (Engine engine = open(model, "state.db")) {
            follow(engine, 0, 5);
            before = engine.quality().log().course(QualityLog.Method.SERVED, 50);
        }
        try (Engine engine = open(model, "state.db")) {
            assertThat(engine.quality().log().course(QualityLog.Method.SERVED, 50))
                    .isEqualTo(before);
        }
    }

    @Test
    void dropIsFoundOverARestartWithAnotherModel() throws InterruptedException {
        try (Engine engine = open(SmallModels.of(24, 2), "state.db")) {
            follow(engine, 0, 10);
            assertThat(engine.quality().log().change().before()).isZero();
        }
        TrainedModel other = SmallModels.of(20, 1);
        try (Engine engine = open(other, "state.db")) {
            assertThat(engine.quality().dropped()).isFalse();
            unknown(engine, 10);
            assertThat(engine.quality().log().change().before()).isEqualTo(1_000);
            assertThat(engine.quality().dropped()).isTrue();
        }
        try (Engine engine = open(other, "state.db")) {
            assertThat(engine.quality().dropped()).isTrue();
        }
    }

    @Test
    void storeKeepsTheLastRanksOnly() {
        List<RankedEvent> all = new ArrayList<>();
        try (EventStore store = EventStore.open(directory.resolve("state.db"), StoreConfig.defaults())) {
            long user = store.append(List.of(new Event("anna", "a", 1, null)))
                    .getFirst()
                    .user();
            for (int number = 1; number <= 30; number++) {
                all.add(new RankedEvent(
                        number,
                        new RankedEvent.User(user, "anna"),
                        number,
                        new EventRanks(number, EventRanks.MISS, 7, 3, number % 2 == 0, number % 3 == 0)));
            }
            store.putRankedEvents(all.subList(0, 20), 12);
            assertThat(store.rankedEvents()).isEqualTo(all.subList(8, 20));
            store.putRankedEvents(all.subList(20, 30), 12);
            assertThat(store.rankedEvents()).isEqualTo(all.subList(18, 30));
        }
        StoreCheck.of(directory.resolve("state.db")).saveTo(directory.resolve("saved.db"));
        try (EventStore saved = EventStore.open(directory.resolve("saved.db"), StoreConfig.defaults())) {
            assertThat(saved.rankedEvents()).isEqualTo(all.subList(18, 30));
        }
    }

    /** Stores events until it is killed, and prints the number of ranked events after each batch. */
    static final class Ranking {
        private Ranking() {}

        public static void main(String[] args) throws InterruptedException {
            try (Engine engine = Engine.open(
                    TrainedModel.load(Path.of(args[0])),
                    EventStore.open(Path.of(args[1]), StoreConfig.defaults()),
                    new EngineConfig(null, 1 << 20, 1))) {
                int from = Integer.parseInt(args[2]);
                for (int t = from; t < from + 1_000; t++) {
                    follow(engine, t, t + 1);
                    System.out.println(engine.quality().log().added());
                }
            }
        }
    }

    @Test
    void killLosesTheLastRanksAtMost() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        System.out.println("kills of a server that ranks, seed " + SEED);
        TrainedModel model = SmallModels.of(24, 2);
        model.save(directory.resolve("model"));
        int batches = 0;
        for (int kill = 0; kill < 3; kill++) {
            Process server = ChildProcess.start(
                    directory,
                    Ranking.class,
                    directory.resolve("model").toString(),
                    directory.resolve("state.db").toString(),
                    String.valueOf(batches));
            long ranked = 0;
            try (BufferedReader lines = server.inputReader(StandardCharsets.US_ASCII)) {
                for (int line = 2 + random.nextInt(5); line > 0; line--) {
                    ranked = Long.parseLong(lines.readLine());
                }
            } finally {
                server.destroyForcibly().waitFor();
            }
            try (Engine engine = open(model, "state.db")) {
                assertThat(engine.quality().log().added())
                        .as("kill %d, seed %d", kill, SEED)
                        .isGreaterThanOrEqualTo(ranked - UnstoredRanks.MAX_UNSTORED);
                batches = (int) (engine.statistics().events() / 100);
                try (Engine neverKilled = open(model, "never-killed-" + kill + ".db")) {
                    for (int t = 0; t < batches; t++) {
                        follow(neverKilled, t, t + 1);
                    }
                    assertThat(neverKilled.quality().log().entries())
                            .containsAll(engine.quality().log().entries());
                }
            }
        }
    }
}
