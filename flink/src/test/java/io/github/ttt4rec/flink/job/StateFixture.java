package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.flink.state.UserEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * Creates the savepoint that {@code UpgradeTest} restores: that of a job of the current version that has read
 * {@link #before} and then stopped. Run {@code main} with an output directory before a format changes, and keep the
 * result under {@code src/test/resources/state-vN}.
 */
public final class StateFixture {
    private StateFixture() {}

    /** Returns the events that the job had read. */
    static List<UserEvent> before() {
        return Logs.events(90, 2026);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        TrainedModel model = TestModels.first();
        model.save(directory.resolve("model"));
        Path events = Files.createDirectories(directory.resolve("events"));
        Logs.writeJson(events.resolve("1.ndjson"), before());
        TestJob job = new TestJob(events, directory.resolve("model"), directory.resolve("out"));
        job.watch = Duration.ofMillis(50);
        // Keeps all state in one file.
        job.configuration.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.parse("1mb"));
        JobClient running = job.start();
        job.await(new Truth(before()).accepted());
        System.out.println(running.stopWithSavepoint(
                        false, directory.resolve("savepoint").toUri().toString(), SavepointFormatType.CANONICAL)
                .get());
        System.exit(0);
    }
}
