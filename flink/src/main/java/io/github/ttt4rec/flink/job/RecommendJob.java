package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.flink.state.VersionedType;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job's dataflow graph. Every stateful operator has a stable id, by which a savepoint finds it in a later version.
 */
public final class RecommendJob {
    private RecommendJob() {}

    /**
     * Adds a source and returns its good rows.
     *
     * @param id the id of the source, such as {@code events}
     * @param skipBadRows whether to skip and count bad rows; if not, the first one ends the job
     */
    public static DataStream<Input> read(
            StreamExecutionEnvironment environment, Source<Row, ?, ?> source, String id, boolean skipBadRows) {
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), id, VersionedType.ROW)
                .uid(id)
                .flatMap(new GoodRows(skipBadRows))
                .returns(VersionedType.INPUT)
                .name("good " + id)
                .uid("good-" + id);
    }

    /** Recommends for the users of {@code inputs} by the model that arrived last. */
    public static DataStream<UserRecommendations> answers(
            DataStream<Input> inputs, DataStream<ModelPackage> models, JobSettings settings) {
        return inputs.keyBy(Input::user, Types.STRING)
                .connect(models.broadcast(RecommendFunction.MODELS))
                .process(new RecommendFunction(settings), VersionedType.ANSWER)
                .name("recommend")
                .uid("recommend");
    }
}
