package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.flink.state.VersionedType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** Runs the operator alone, with inputs from a test. */
public final class Harness implements AutoCloseable {
    private final KeyedBroadcastOperatorTestHarness<String, Input, ModelPackage, UserRecommendations> harness;
    private final Path directory;

    Harness(JobSettings settings, Path directory) throws Exception {
        this.directory = directory;
        harness = new KeyedBroadcastOperatorTestHarness<>(
                new CoBroadcastWithKeyedOperator<>(new RecommendFunction(settings), List.of(RecommendFunction.MODELS)),
                Input::user,
                Types.STRING,
                1,
                1,
                0);
        harness.setup(VersionedType.ANSWER.createSerializer(null));
        harness.setStateTtlProcessingTime(0);
        harness.open();
    }

    void model(TrainedModel model) throws Exception {
        model.save(directory);
        harness.processBroadcastElement(ModelPackage.of(directory), 0);
    }

    void send(Input input) throws Exception {
        harness.processElement(input, 0);
    }

    void send(String user, String item, String eventId) throws Exception {
        send(new UserEvent(user, item, UserEvent.NO_TIME, eventId));
    }

    /** Sets the processing time, by which idle users are forgotten. */
    void clock(long millis) {
        harness.setStateTtlProcessingTime(millis);
    }

    /** Returns the outputs since the last call. */
    List<UserRecommendations> answers() {
        List<UserRecommendations> answers = new ArrayList<>();
        for (Object record : harness.getOutput()) {
            answers.add((UserRecommendations) ((StreamRecord<?>) record).getValue());
        }
        harness.getOutput().clear();
        return answers;
    }

    /** Returns the size of a checkpoint of users' state, in bytes. */
    long checkpointBytes() throws Exception {
        return harness.snapshot(1, 1).getManagedKeyedState().stream()
                .mapToLong(handle -> handle.getStateSize())
                .sum();
    }

    @Override
    public void close() {
        try {
            harness.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot close the operator", e);
        }
    }
}
