package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.ExperimentView;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreCheck;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.util.DoubleComparator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentsTest {
    private static final String TRIAL = """
            {"name": "trial", "arms": [{"name": "control", "weight": 3},
            {"name": "candidate", "directory": "other", "weight": 1}]}""";

    @TempDir
    private Path directory;

    private ServerConfig config;

    @BeforeEach
    void saveAnotherModel() {
        Path models = directory.resolve("models");
        TestServer.otherModel().save(models.resolve("other"));
        config = ServerConfig.local().withFiles(models, directory.resolve("state.db"));
    }

    private Engine open() {
        return open(TestServer.model(), "state.db");
    }

    private Engine open(TrainedModel model, String store) {
        return Engine.open(
                model,
                EventStore.open(directory.resolve(store), new StoreConfig(Durability.OFF, 0, Duration.ZERO)),
                new EngineConfig(null, 1 << 20, 1));
    }

    private static ExperimentView experiment(Engine engine) {
        ExperimentView view = engine.experiment();
        assertThat(view).isNotNull();
        return view;
    }

    private static long events(ExperimentView view) {
        return view.arms().stream().mapToLong(ExperimentView.Arm::events).sum();
    }

    /** The version of the model that each user gets. */
    private static Map<String, String> versions(Engine engine, int users) {
        Map<String, String> versions = new HashMap<>();
        for (int user = 0; user < users; user++) {
            versions.put(
                    "u" + user, engine.recommend("u" + user, 3, ItemFilter.NONE).modelVersion());
        }
        return versions;
    }

    private static void buy(Engine engine, int users, int events) throws InterruptedException {
        for (int i = 0; i < events; i++) {
            List<Event> all = new ArrayList<>();
            for (int user = 0; user < users; user++) {
                all.add(new Event("u" + user, "i" + (1 + (user + i) % 5), 1_000_000L * i, null));
            }
            engine.append(all);
            while (engine.quality().waiting() > 0) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void usersAreDealtByWeightAndStayWithTheirModelAfterARestart() throws InterruptedException {
        Map<String, String> before;
        String served = TestServer.model().version();
        String other = TestServer.otherModel().version();
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            assertThat(new TestServer(engine, server)
                            .post("/v1/experiments", TRIAL)
                            .status())
                    .isEqualTo(200);
            buy(engine, 400, 1);
            before = versions(engine, 400);
        }
        assertThat(before.values().stream().filter(other::equals).count()).isBetween(70L, 130L);
        assertThat(before.values()).containsOnly(served, other);
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            assertThat(server.uri()).isNotNull();
            assertThat(versions(engine, 400)).isEqualTo(before);
            engine.endExperiment("candidate");
            assertThat(versions(engine, 400).values()).containsOnly(other);
        }
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            assertThat(server.uri()).isNotNull();
            assertThat(engine.experiment()).as("it has ended").isNull();
        }
    }

    @Test
    void armsAreComparedAndForgottenUsersLeaveTheFigures() throws InterruptedException {
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            TestServer client = new TestServer(engine, server);
            client.post("/v1/experiments", TRIAL.replace("\"weight\": 3", "\"weight\": 1"));
            buy(engine, 400, 4);
            ExperimentView view = engine.experiment();
            assertThat(view).isNotNull();
            assertThat(view.arms())
                    .extracting(ExperimentView.Arm::events)
                    .satisfies(
                            events -> assertThat(events.get(0) + events.get(1)).isEqualTo(1600));
            assertThat(view.arms().get(0).comparison()).isNull();
            ExperimentView.Comparison comparison = view.arms().get(1).comparison();
            assertThat(comparison).isNotNull();
            assertThat(comparison.p()).isBetween(0.0, 1.0);
            assertThat(comparison.difference())
                    .isEqualTo(view.arms().get(1).ndcg() - view.arms().get(0).ndcg());
            assertThat(client.get("/metrics").body())
                    .contains("ttt4rec_experiment_events{arm=\"candidate\",experiment=\"trial\"} "
                            + view.arms().get(1).events());
            engine.forget("u0");
            ExperimentView after = engine.experiment();
            assertThat(after).isNotNull();
            assertThat(after.arms().get(0).users() + after.arms().get(1).users())
                    .isEqualTo(399);
            assertThat(client.get("/v1/experiments").body()).contains("\"name\":\"trial\"", "\"events_needed\"");
        }
    }

    @Test
    void figuresSurviveARestartWithoutForgottenUsers() throws InterruptedException {
        ExperimentView before;
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            new TestServer(engine, server).post("/v1/experiments", TRIAL.replace("\"weight\": 3", "\"weight\": 1"));
            buy(engine, 400, 4);
            engine.forget("u0");
            before = experiment(engine);
        }
        assertThat(events(before)).isEqualTo(1596);
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            assertThat(server.uri()).isNotNull();
            ExperimentView after = experiment(engine);
            assertThat(after)
                    .usingRecursiveComparison()
                    .withComparatorForType(new DoubleComparator(1e-12), Double.class)
                    .isEqualTo(before);
            assertThat(after.arms().get(1).comparison()).isNotNull();
            buy(engine, 400, 1);
            assertThat(events(experiment(engine))).isEqualTo(1996);
            engine.forget("u1");
            assertThat(events(experiment(engine))).isEqualTo(1991);
        }
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            assertThat(server.uri()).isNotNull();
            assertThat(events(experiment(engine))).isEqualTo(1991);
            engine.endExperiment("control");
        }
        assertThat(StoreCheck.of(directory.resolve("state.db")).check().findings())
                .isEmpty();
    }

    @Test
    void crashLosesTheLastFiguresAtMost() throws InterruptedException {
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            new TestServer(engine, server).post("/v1/experiments", TRIAL);
            buy(engine, 400, 2);
            engine.backup(directory.resolve("copy.db"));
        }
        try (Engine engine = open(TestServer.model(), "copy.db");
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            assertThat(server.uri()).isNotNull();
            assertThat(events(experiment(engine))).isBetween(750L, 800L);
        }
    }

    @Test
    void figuresOfOtherModelsAreNotContinued() throws InterruptedException {
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            new TestServer(engine, server).post("/v1/experiments", TRIAL);
            buy(engine, 400, 1);
        }
        try (Engine engine = open(TestServer.otherModel(), "state.db");
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            assertThat(server.uri()).isNotNull();
            assertThat(events(experiment(engine))).isZero();
        }
    }

    @Test
    void modelsStayAsTheyAreUntilTheExperimentEnds() {
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            TestServer client = new TestServer(engine, server);
            client.post("/v1/experiments", TRIAL);
            assertThat(client.post("/v1/experiments", TRIAL).status()).isEqualTo(409);
            assertThat(client.post("/v1/model", "{\"directory\":\"other\"}").body())
                    .contains("the experiment trial is running");
            assertThatThrownBy(engine::countCatalogue).isInstanceOf(UserFacingException.class);
            assertThat(client.post("/v1/experiments/trial/end", "{\"keep\":\"nobody\"}")
                            .status())
                    .isEqualTo(400);
            assertThat(client.post("/v1/experiments/trial/end", "{\"keep\":\"control\"}")
                            .body())
                    .contains(TestServer.model().version());
            assertThat(client.post("/v1/model", "{\"directory\":\"other\"}").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void armsThatMakeNoExperimentAreRefusedInOneLine() {
        try (Engine engine = open();
                RecommendationServer server = RecommendationServer.start(engine, config)) {
            TestServer client = new TestServer(engine, server);
            for (String[] each : new String[][] {
                {"{\"name\":\"x\",\"arms\":[{\"name\":\"a\"}]}", "2 to 8"},
                {"{\"name\":\"x\",\"arms\":[{\"name\":\"a\"},{\"name\":\"b\"}]}", "names no directory"},
                {
                    "{\"name\":\"x\",\"arms\":[{\"name\":\"a\"},{\"name\":\"a\",\"directory\":\"other\"}]}",
                    "two have the name"
                },
                {"{\"name\":\"a b\",\"arms\":[]}", "letters, digits"},
            }) {
                TestServer.Reply reply = client.post("/v1/experiments", each[0]);
                assertThat(reply.status()).as(each[0]).isEqualTo(400);
                assertThat(reply.body()).contains(each[1]);
            }
            assertThat(client.post("/v1/experiments", TRIAL.replace("other", "none"))
                            .status())
                    .isEqualTo(404);
            assertThat(engine.experiment()).isNull();
        }
    }
}
