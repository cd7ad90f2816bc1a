package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.live.QualityLog.Group;
import io.github.ttt4rec.live.QualityLog.Method;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrequentialEvaluationTest {
    private static final long START = 1_600_100_000_000_000L;
    private static final double RATE = 0.4;

    @TempDir
    private Path directory;

    private TrainedModel model;
    private List<Event> events;

    @BeforeEach
    void train() {
        Path log = Run.log(directory, "events.csv", 60);
        Run.train(log, directory.resolve("model"), "--set", "epochs=1", "--no-test")
                .done();
        model = TrainedModel.load(directory.resolve("model"));
        events = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 600; i++) {
            String item = random.nextInt(10) == 0 ? "unknown" : "i" + random.nextInt(20);
            events.add(new Event("u" + random.nextInt(30), item, START + i, null));
        }
    }

    @Test
    void offlineFiguresAreTheServers() throws InterruptedException {
        QualityLog served;
        try (Engine engine = Engine.open(
                model,
                EventStore.open(directory.resolve("shop.db"), StoreConfig.defaults()),
                new EngineConfig(null, 1 << 20, RATE))) {
            for (int i = 0; i < events.size(); i += 7) {
                engine.append(events.subList(i, Math.min(events.size(), i + 7)));
            }
            served = engine.quality().log();
            long deadline = System.nanoTime() + 60_000_000_000L;
            long sampled = ranked(events).added();
            while (served.added() < sampled && System.nanoTime() < deadline) {
                Thread.sleep(5);
            }
            assertThat(engine.quality().skipped()).isZero();
        }
        QualityLog offline = ranked(events);
        assertThat(offline.added()).isEqualTo(served.added()).isBetween(150L, 300L);
        for (Method method : Method.values()) {
            for (Group group : Group.values()) {
                assertThat(offline.figures(method, group, QualityLog.CAPACITY))
                        .as("%s %s", method, group)
                        .isEqualTo(served.figures(method, group, QualityLog.CAPACITY));
            }
        }
        assertThat(Run.of(
                                "evaluate",
                                "--model",
                                directory.resolve("model").toString(),
                                "--data",
                                directory.resolve("shop.db").toString(),
                                "--prequential")
                        .done()
                        .out())
                .contains("served", "frozen", "popularity", "cold");
    }

    @Test
    void futureDoesNotChangeWhatCameBefore() throws InterruptedException {
        List<Event> past = events.subList(0, 300);
        List<Event> other = new ArrayList<>(past);
        List<Event> future = events.subList(300, 600);
        for (int i = 0; i < future.size(); i++) {
            Event event = future.get(i);
            String item = future.get(future.size() - 1 - i).item();
            other.add(new Event(event.user(), item, event.timeMicros(), null));
        }
        PrequentialEvaluation evaluation = new PrequentialEvaluation(model);
        Map<String, Integer> before = new HashMap<>();
        past.forEach(event -> before.merge(event.user(), 1, Integer::sum));
        List<QualityLog.Entry> ranks = evaluation.rank(dataset(events), 1, 2).entries();
        List<QualityLog.Entry> otherRanks =
                evaluation.rank(dataset(other), 1, 2).entries();
        assertThat(early(otherRanks, before)).hasSize(300).isEqualTo(early(ranks, before));
        assertThat(otherRanks).as("later events differ").isNotEqualTo(ranks);
    }

    /** Returns the ranks of the events before the two continuations of the log differ. */
    private static List<QualityLog.Entry> early(List<QualityLog.Entry> ranks, Map<String, Integer> before) {
        return ranks.stream()
                .filter(entry -> entry.position() < before.getOrDefault(entry.user(), 0))
                .toList();
    }

    @Test
    void itemThatTheModelDoesNotKnowIsAMiss() throws InterruptedException {
        List<Event> log =
                List.of(events.getFirst(), new Event(events.getFirst().user(), "unknown", START + 1000, null));
        QualityLog quality = new PrequentialEvaluation(model).rank(dataset(log), 1, 1);
        assertThat(quality.figures(Method.SERVED, Group.NEW_ITEM, 10).events()).isEqualTo(1);
        assertThat(quality.figures(Method.SERVED, Group.NEW_ITEM, 10).hitRate()).isZero();
        assertThat(quality.figures(Method.SERVED, Group.ALL, 10).events()).isEqualTo(2);
    }

    @Test
    void modelsAreComparedOnTheSameEvents() {
        Path log = Run.log(directory, "later.csv", 60);
        Run.train(log, directory.resolve("other"), "--set", "epochs=3", "--no-test")
                .done();
        assertThat(Run.of(
                                "evaluate",
                                "--model",
                                directory.resolve("other").toString(),
                                "--against",
                                directory.resolve("model").toString(),
                                "--data",
                                log.toString(),
                                "--prequential")
                        .done()
                        .out())
                .contains("the same 720 events of 60 users", "difference ");
    }

    private QualityLog ranked(List<Event> log) throws InterruptedException {
        return new PrequentialEvaluation(model).rank(dataset(log), RATE, 2);
    }

    private static Dataset dataset(List<Event> log) {
        return Datasets.of(
                log.stream()
                        .map(event ->
                                new Interaction(event.user(), event.item(), EventTime.instant(event.timeMicros())))
                        .toList(),
                PrepareOptions.keepAll());
    }
}
