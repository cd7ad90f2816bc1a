package io.github.ttt4rec.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.serve.engine.Recommended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that the job's lists equal those of the server and the library on the same events, each exactly once, through
 * failures, rescaling and model changes.
 */
class JobTest {
    private static final long SEED = 77;

    @TempDir
    private Path directory;

    private Path modelDirectory;
    private Path out;
    private TrainedModel model;

    @BeforeEach
    void prepare() throws Exception {
        model = TestModels.first();
        modelDirectory = directory.resolve("model");
        model.save(modelDirectory);
        out = directory.resolve("out");
    }

    @ParameterizedTest
    @CsvSource({"1, json", "2, csv"})
    void answersAreTheServersAndTheLibrarys(int parallelism, String format) throws Exception {
        List<UserEvent> events = Logs.events(300, SEED);
        Path file = directory.resolve("events." + format);
        if (format.equals("csv")) {
            Logs.writeCsv(file, events);
        } else {
            Logs.writeJson(file, events);
        }
        TestJob job = new TestJob(file, modelDirectory, out);
        job.parallelism = parallelism;
        JobExecutionResult result = job.run();
        Truth truth = new Truth(events);
        checkEveryEventOnce(Logs.answers(out), events, truth);
        assertThat(result.getAllAccumulatorResults())
                .containsEntry(Counters.EVENTS, (long) truth.accepted())
                .containsEntry(Counters.DUPLICATES, (long) (events.size() - truth.accepted()))
                .containsEntry(GoodRows.BAD_ROWS, 0L);
    }

    /**
     * Checks that each event that is not a duplicate has one list, in the order of the user's events, with the expected
     * items.
     */
    private void checkEveryEventOnce(List<UserRecommendations> answers, List<UserEvent> events, Truth truth) {
        Map<String, Recommended> server = Truth.server(model, events, directory);
        assertThat(answers).hasSize(truth.accepted());
        Set<String> seen = new HashSet<>();
        for (UserRecommendations answer : answers) {
            String key = answer.user() + " " + answer.events();
            assertThat(seen.add(key)).as("%s twice", key).isTrue();
            assertThat(answer.reason()).isEqualTo(UserRecommendations.Reason.EVENT);
            truth.check(answer, model);
            Truth.same(answer, server.get(key));
        }
        assertThat(seen).isEqualTo(server.keySet());
    }

    @ParameterizedTest
    @CsvSource({"1, hashmap", "2, rocksdb"})
    void failureNeitherLosesNorRepeatsEvents(int parallelism, String backend) throws Exception {
        List<UserEvent> events = Logs.events(400, SEED + 1);
        Path file = directory.resolve("events.ndjson");
        Logs.writeJson(file, events);
        TestJob job = new TestJob(file, modelDirectory, out).checkpoints(50, directory.resolve("checkpoints"));
        job.parallelism = parallelism;
        job.failAfter = 150;
        job.configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        job.configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        job.run();
        assertThat(FailOnce.restoredFrom(out.toString())).isPositive();
        checkEveryEventOnce(Logs.answers(out), events, new Truth(events));
    }

    @ParameterizedTest
    @CsvSource({"1, 2, rocksdb", "2, 1, hashmap"})
    void savepointGoesOnAtAnotherParallelism(int before, int after, String backend) throws Exception {
        List<UserEvent> events = Logs.events(300, SEED + 2);
        Path files = Files.createDirectory(directory.resolve("events"));
        Logs.writeJson(files.resolve("1.ndjson"), events.subList(0, 160));
        TestJob job = new TestJob(files, modelDirectory, out);
        job.watch = Duration.ofMillis(50);
        job.parallelism = before;
        job.configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        JobClient running = job.start();
        int firstPart = new Truth(events.subList(0, 160)).accepted();
        job.await(firstPart);
        String savepoint = running.stopWithSavepoint(
                        false, directory.resolve("savepoint").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        assertThat(Logs.answers(out)).hasSize(firstPart);

        Logs.writeJson(files.resolve("2.ndjson"), events.subList(160, events.size()));
        TestJob second = new TestJob(files, modelDirectory, out);
        second.watch = job.watch;
        second.parallelism = after;
        second.configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        second.configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        JobClient again = second.start();
        Truth truth = new Truth(events);
        second.await(truth.accepted());
        again.stopWithSavepoint(false, directory.resolve("savepoint").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        checkEveryEventOnce(Logs.answers(out), events, truth);
    }

    @Test
    void anotherModelIsTakenIntoUseWhileTheJobRuns() throws Exception {
        List<UserEvent> events = Logs.events(240, SEED + 3);
        Path files = Files.createDirectory(directory.resolve("events"));
        Logs.writeJson(files.resolve("1.ndjson"), events.subList(0, 120));
        Path requests = Files.createDirectory(directory.resolve("requests"));
        TestJob job = new TestJob(files, modelDirectory, out);
        job.watch = Duration.ofMillis(50);
        job.parallelism = 2;
        job.requests = requests;
        JobClient running = job.start();
        int firstPart = new Truth(events.subList(0, 120)).accepted();
        job.await(firstPart);

        // Requests lists for all users until all of them come from the new model.
        TrainedModel next = TestModels.second();
        next.save(modelDirectory);
        int made = firstPart;
        int round = 0;
        boolean taken = false;
        while (!taken) {
            Logs.write(requests.resolve(round + ".ndjson"), requestsOfAll(round));
            job.await(made + Logs.USERS);
            List<UserRecommendations> all = job.made();
            taken = all.subList(made, all.size()).stream()
                    .allMatch(answer -> answer.modelVersion().equals(next.version()));
            made = all.size();
            round++;
        }
        Logs.writeJson(files.resolve("2.ndjson"), events.subList(120, events.size()));
        Truth truth = new Truth(events);
        job.await(made + truth.accepted() - firstPart);
        running.stopWithSavepoint(
                        false, directory.resolve("savepoint").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();

        List<UserRecommendations> answers = Logs.answers(out);
        assertThat(answers).hasSize(truth.accepted() + round * Logs.USERS);
        int ofEvents = 0;
        for (UserRecommendations answer : answers) {
            boolean second = answer.modelVersion().equals(next.version());
            if (answer.events() > 0) {
                truth.check(answer, second ? next : model);
            }
            if (answer.reason() == UserRecommendations.Reason.EVENT) {
                ofEvents++;
                boolean late = answer.events() > new Truth(events.subList(0, 120)).events(answer.user());
                assertThat(second).as("%s", answer).isEqualTo(late);
            }
        }
        assertThat(ofEvents).isEqualTo(truth.accepted());
    }

    private static String requestsOfAll(int round) {
        StringBuilder text = new StringBuilder();
        for (int user = 0; user < Logs.USERS; user++) {
            text.append("{\"user\": \"u" + user + "\", \"request_id\": \"" + round + "-" + user + "\", \"k\": 1000}\n");
        }
        return text.toString();
    }
}
