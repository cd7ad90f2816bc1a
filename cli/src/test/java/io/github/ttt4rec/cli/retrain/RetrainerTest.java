package io.github.ttt4rec.cli.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.Experiment;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainerTest {
    private static final Experiment EXPERIMENT = new Experiment(
            "spring", List.of(new Experiment.Arm("control", null, 1), new Experiment.Arm("new", "tuesday", 1)), 0.01);

    @TempDir
    private Path directory;

    private Path models;
    private Path state;

    @BeforeEach
    void trainTwoModels() {
        models = directory.resolve("models");
        state = directory.resolve("shop.db");
        Path log = Run.log(directory, "events.csv", 60);
        Run.train(log, models.resolve("monday"), "--set", "epochs=1", "--no-test")
                .done();
        ModelSeries.open(models).close();
        Run.train(log, models.resolve("tuesday"), "--set", "epochs=2", "--no-test")
                .done();
    }

    private Engine open() {
        return Engine.open(
                TrainedModel.load(models.resolve("monday")),
                EventStore.open(state, StoreConfig.defaults()),
                EngineConfig.defaults());
    }

    private RetrainSchedule.Job every(Duration period) {
        return new RetrainSchedule.Job(new RetrainSchedule(null, period), models, state, 256);
    }

    private void startExperiment(Engine engine) {
        engine.startExperiment(EXPERIMENT, "{}", name -> TrainedModel.load(models.resolve(name)));
    }

    @Test
    void retrainingIsPutOffWhileAnExperimentIsRunning() throws InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (Engine engine = open()) {
            startExperiment(engine);
            try (Retrainer retrainer = Retrainer.start(every(Duration.ofMillis(1)), engine, lines::add)) {
                assertThat(retrainer).isNotNull();
                assertThat(lines.take()).isEqualTo("retraining is put off while the experiment spring is running");
            }
        }
    }

    @Test
    void trainingProcessUsesOneCoreAndOneThread() throws IOException, InterruptedException {
        try (Engine engine = open();
                Retrainer retrainer = Retrainer.start(every(Duration.ofDays(1)), engine, line -> {})) {
            assertThat(retrainer.command())
                    .containsSubsequence("-Xmx256m", "-XX:ActiveProcessorCount=1", "-Xbatch", "-XX:+UseSerialGC")
                    .containsSubsequence("retrain", "--threads", "1");
        }
    }

    @Test
    void retrainingThatFailsIsReportedAndTheNextOneFollows() throws IOException, InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Files.writeString(models.resolve(ModelSeries.SERVED), "{");
        try (Engine engine = open();
                Retrainer retrainer = Retrainer.start(every(Duration.ofMillis(1)), engine, lines::add)) {
            assertThat(retrainer).isNotNull();
            for (int i = 0; i < 2; i++) {
                assertThat(lines.take())
                        .startsWith("retraining failed, the model in use stays: ")
                        .contains(ModelSeries.SERVED + ": damaged");
            }
        }
    }

    @Test
    void modelOfARetrainingThatFailsAfterwardsIsServed() throws IOException, InterruptedException {
        Path log = Run.log(directory, "events.csv", 60);
        models = directory.resolve("fitted");
        List<String> train =
                new ArrayList<>(Run.trainArguments(log, models.resolve("monday"), "--set", "epochs=2", "--no-test"));
        train.remove("--no-refit");
        Run.of(train.toArray(String[]::new)).done();
        Run.of("import", "--data", log.toString(), "--state", state.toString()).done();
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(IntStream.range(0, 480)
                    .mapToObj(i -> new Event(
                            "v" + i / 12,
                            "i" + (i + i / 12) % 20,
                            1_600_100_000_000_000L + 1_000_000L * (i % 12),
                            null))
                    .toList());
        }
        Files.createDirectories(models.resolve("retrain.jsonl"));
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (Engine engine = open()) {
            String before = engine.model().version();
            try (Retrainer retrainer = Retrainer.start(every(Duration.ofMillis(1)), engine, lines::add)) {
                assertThat(retrainer).isNotNull();
                String line;
                do {
                    line = lines.take();
                } while (line.startsWith("retraining: "));
                assertThat(line)
                        .startsWith("retraining failed, but its model is in use: exit code 1")
                        .contains("retrain.jsonl");
            }
            assertThat(engine.model().version()).isNotEqualTo(before);
        }
        assertThat(ModelSeries.resolve(models)).isNotEqualTo(models.resolve("monday"));
    }

    @Test
    void modelThatTheServerCannotUseIsRolledBack() {
        try (Engine engine = open();
                Retrainer retrainer = Retrainer.start(every(Duration.ofDays(1)), engine, line -> {})) {
            String before = engine.model().version();
            startExperiment(engine);
            promote("tuesday");
            assertThatThrownBy(() -> retrainer.use(models.resolve("tuesday")))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("spring is running");
            assertThat(ModelSeries.resolve(models)).isEqualTo(models.resolve("monday"));
            engine.endExperiment("control");
            promote("tuesday");
            retrainer.use(models.resolve("tuesday"));
            assertThat(engine.model().version()).isNotEqualTo(before);
            assertThat(ModelSeries.resolve(models)).isEqualTo(models.resolve("tuesday"));
        }
    }

    private void promote(String name) {
        try (ModelSeries series = ModelSeries.open(models)) {
            series.promote(models.resolve(name));
        }
    }
}
