package io.github.ttt4rec.flink.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserHistory;
import io.github.ttt4rec.flink.state.UserHistorySerializer;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.live.ModelStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that this version reads the state of earlier versions. */
class UpgradeTest {
    /** A history and its serializer snapshot as version 1 wrote them. */
    private static final String HISTORY_1 =
            "0034696f2e6769746875622e747474347265632e666c696e6b2e56657273696f6e656453657269616c697a657224536e6170"
                    + "73686f7400000001002d696f2e6769746875622e747474347265632e666c696e6b2e55736572486973746f72795365726961"
                    + "6c697a65720000000100000000000000030000000203693103e401ac4100000002036531000000abcdef0123450000001401"
                    + "000000023f000000c0000000";

    @TempDir
    private Path directory;

    /** The number of histories in the savepoint. */
    private int version;

    private Path fixture() {
        return Path.of("src/test/resources/state-v" + version).toAbsolutePath();
    }

    /** Fast weights continue: the job rebuilds as many states as one that was never stopped. */
    @ParameterizedTest
    @CsvSource({"1, hashmap", "1, rocksdb", "2, hashmap", "2, rocksdb", "3, hashmap", "3, rocksdb"})
    void savepointOfAnEarlierVersionIsContinued(int writtenBy, String backend) throws Exception {
        version = writtenBy;
        List<UserEvent> after = Logs.events(80, 2027);
        List<UserEvent> all = new ArrayList<>(StateFixture.before());
        all.addAll(after);
        TrainedModel model = TrainedModel.load(fixture().resolve("model"));
        Path events = Files.createDirectory(directory.resolve("after-events"));
        Logs.writeJson(events.resolve("2.ndjson"), after);
        TestJob job = new TestJob(events, fixture().resolve("model"), directory.resolve("after"));
        job.watch = Duration.ofMillis(50);
        // Otherwise it would append to the files of the previous job.
        job.sinkId = "answers-of-the-new-job";
        job.configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        job.configuration.set(
                StateRecoveryOptions.SAVEPOINT_PATH,
                fixture().resolve("savepoint").toUri().toString());
        job.configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
        JobClient running = job.start();
        job.await(new Truth(after).accepted());
        running.stopWithSavepoint(
                        false, directory.resolve("savepoint").toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
        JobExecutionResult result = running.getJobExecutionResult().get();

        Truth truth = new Truth(all);
        List<UserRecommendations> answers = Logs.answers(job.out);
        assertThat(answers).hasSize(new Truth(after).accepted());
        answers.forEach(answer -> truth.check(answer, model));
        long whole = rebuilt(job("whole", all, backend).run());
        long before = rebuilt(job("before", StateFixture.before(), backend).run());
        assertThat(rebuilt(result)).isEqualTo(whole - before).isPositive();
    }

    private static long rebuilt(JobExecutionResult result) {
        return result.getAccumulatorResult(Counters.REBUILT);
    }

    private TestJob job(String name, List<UserEvent> events, String backend) throws IOException {
        Path file = directory.resolve(name + ".ndjson");
        Logs.writeJson(file, events);
        TestJob job = new TestJob(file, fixture().resolve("model"), directory.resolve(name));
        job.configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        return job;
    }

    @Test
    void historyOfVersion1IsRead() throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(HexFormat.of().parseHex(HISTORY_1));
        TypeSerializerSnapshot<UserHistory> old =
                TypeSerializerSnapshot.readVersionedSnapshot(in, getClass().getClassLoader());
        UserHistory history = old.restoreSerializer().deserialize(in);
        assertThat(in.available()).isZero();
        assertThat(history.first()).isEqualTo(3);
        assertThat(history.items()).containsExactly("i1", "ä€");
        assertThat(history.eventIds()).containsExactly("e1", null);
        assertThat(history.latest()).isEqualTo(UserEvent.NO_TIME);
        assertThat(history.stamp()).isEqualTo(new ModelStamp(0xABCDEF012345L, 20, true));
        assertThat(history.hidden()).containsExactly(0.5f, -2f);

        UserHistorySerializer now = new UserHistorySerializer();
        assertThat(now.snapshotConfiguration().resolveSchemaCompatibility(old).isCompatibleAfterMigration())
                .isTrue();
        DataOutputSerializer out = new DataOutputSerializer(64);
        now.serialize(history, out);
        UserHistory again = now.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        assertThat(again.items()).isEqualTo(history.items());
        assertThat(again.latest()).isEqualTo(UserEvent.NO_TIME);
    }

    @Test
    void stateOfALaterVersionIsRefused() throws IOException {
        UserHistorySerializer now = new UserHistorySerializer();
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, now.snapshotConfiguration());
        byte[] bytes = out.getCopyOfBuffer();
        bytes[bytes.length - 1]++; // The last number is the version.
        TypeSerializerSnapshot<UserHistory> later = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(bytes), getClass().getClassLoader());
        assertThat(now.snapshotConfiguration().resolveSchemaCompatibility(later).isIncompatible())
                .isTrue();
        assertThat(now.snapshotConfiguration()
                        .resolveSchemaCompatibility(now.snapshotConfiguration())
                        .isCompatibleAsIs())
                .isTrue();
    }
}
