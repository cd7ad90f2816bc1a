package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.flink.state.VersionedType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broadcasts the model in a directory when the job starts and, if it is to watch, each new model that is saved there
 * later (or that the directory, if it is a link, then points to). A model that cannot be used ends the job at its
 * start; later, a failure is logged and the previous model stays in use.
 */
public final class ModelWatcher implements FlatMapFunction<Long, ModelPackage> {
    private static final Logger LOGGER = LoggerFactory.getLogger(ModelWatcher.class);
    private static final long serialVersionUID = 1L;

    private final String directory;
    private final JobSettings settings;
    private transient List<Object> seen;
    private transient String version;

    @SuppressWarnings("NullAway.Init") // null after Flink has deserialised this object on its worker
    private ModelWatcher(String directory, JobSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /** Broadcasts the model once. */
    public static DataStream<ModelPackage> once(
            StreamExecutionEnvironment environment, Path directory, JobSettings settings) {
        return models(environment, directory, settings, new DataGeneratorSource<>(tick -> tick, 1, Types.LONG));
    }

    /** Broadcasts the model, and looks for a new one at each {@code interval}. The stream does not end. */
    public static DataStream<ModelPackage> always(
            StreamExecutionEnvironment environment, Path directory, JobSettings settings, Duration interval) {
        RateLimiterStrategy<?> rate = RateLimiterStrategy.perSecond(1000.0 / interval.toMillis());
        return models(
                environment,
                directory,
                settings,
                new DataGeneratorSource<>(tick -> tick, Long.MAX_VALUE, rate, Types.LONG));
    }

    private static DataStream<ModelPackage> models(
            StreamExecutionEnvironment environment,
            Path directory,
            JobSettings settings,
            DataGeneratorSource<Long> ticks) {
        return environment
                .fromSource(ticks, WatermarkStrategy.noWatermarks(), "look for a model")
                .uid("model-ticks")
                .setParallelism(1)
                .flatMap(new ModelWatcher(directory.toString(), settings))
                .returns(VersionedType.MODEL)
                .name("load model")
                .uid("model-watcher")
                .setParallelism(1);
    }

    @Override
    public void flatMap(Long tick, Collector<ModelPackage> out) {
        Path path = Path.of(directory);
        try {
            List<Object> now = look(path);
            if (now.equals(seen)) {
                return;
            }
            ModelPackage model = ModelPackage.of(path);
            seen = now;
            if (!model.version().equals(version)) {
                // Checks here whether the model can be used, because users would wait for the check in the operator.
                new ActiveModel(model, settings).warm();
                version = model.version();
                out.collect(model);
            }
        } catch (IOException | UserFacingException e) {
            if (version == null) {
                UserFacingException told = e instanceof UserFacingException known
                        ? known
                        : new UserFacingException(directory + ": cannot read the model: " + e.getMessage(), e);
                throw new SuppressRestartsException(told);
            }
            LOGGER.warn("the previous model stays in use: {}", e.getMessage());
        }
    }

    /** Returns a value that changes when a new model is saved. */
    private static List<Object> look(Path directory) throws IOException {
        List<Object> seen = new ArrayList<>();
        Path real = directory.toRealPath();
        seen.add(real);
        try (var files = Files.list(real)) {
            for (Path file : files.sorted().toList()) {
                FileTime time = Files.getLastModifiedTime(file);
                seen.add(List.of(file, time, Files.size(file)));
            }
        }
        return seen;
    }
}
