package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.flink.ends.LogFiles;
import io.github.ttt4rec.flink.ends.RowFormat;
import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.flink.state.VersionedType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** Runs the job from files to files inside the test, built as the command builds it. */
public final class TestJob {
    /** The number of lists by output directory, those repeated after a failure included. */
    private static final Map<String, Queue<UserRecommendations>> MADE = new ConcurrentHashMap<>();

    private static final AtomicLong FIRST = new AtomicLong();

    public final Configuration configuration = Embedded.configuration();
    final Path events;
    final Path model;
    final Path out;
    public int parallelism = 1;
    public JobSettings settings = JobSettings.defaults().withK(1000);

    @Nullable Path requests;

    @Nullable Duration watch;

    int failAfter;
    /** Keeps only the time of the first list. */
    public boolean clocked;

    String sinkId = "answers";

    public TestJob(Path events, Path model, Path out) {
        this.events = events;
        this.model = model;
        this.out = out;
    }

    /** Returns an environment that takes a checkpoint every {@code interval} milliseconds. */
    TestJob checkpoints(long interval, Path directory) {
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(interval));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri().toString());
        return this;
    }

    public JobExecutionResult run() throws Exception {
        FIRST.set(0);
        return build().execute();
    }

    /** Returns the time since the first list of the last job that was timed. */
    public static double secondsFromFirstAnswer() {
        return (System.nanoTime() - FIRST.get()) / 1e9;
    }

    JobClient start() throws Exception {
        return build().executeAsync();
    }

    /** Waits until the jobs of this output directory have made that many lists. */
    void await(int answers) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (made().size() < answers) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + made().size() + " of " + answers + " answers after a minute");
            }
            Thread.sleep(10);
        }
    }

    /** Returns the number of lists made so far. */
    List<UserRecommendations> made() {
        return List.copyOf(made(out.toString()));
    }

    private static Queue<UserRecommendations> made(String out) {
        return MADE.computeIfAbsent(out, name -> new ConcurrentLinkedQueue<>());
    }

    private StreamExecutionEnvironment build() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        DataStream<Input> inputs = RecommendJob.read(
                environment, LogFiles.source(events, RowFormat.events(ReadOptions.defaults()), watch), "events", false);
        if (failAfter > 0) {
            inputs = inputs.map(new FailOnce(out.toString(), failAfter))
                    .returns(VersionedType.INPUT)
                    .uid("fail-once");
        }
        if (requests != null) {
            inputs = inputs.union(RecommendJob.read(
                    environment, LogFiles.source(requests, RowFormat.requests(10), watch), "requests", false));
        }
        DataStream<ModelPackage> models = watch == null
                ? ModelWatcher.once(environment, model, settings)
                : ModelWatcher.always(environment, model, settings, watch);
        String name = out.toString();
        DataStream<UserRecommendations> answers = RecommendJob.answers(inputs, models, settings);
        if (clocked) {
            answers = answers.map(answer -> {
                FIRST.compareAndSet(0, System.nanoTime());
                return answer;
            });
        } else {
            answers = answers.map(answer -> {
                made(name).add(answer);
                return answer;
            });
        }
        ((SingleOutputStreamOperator<UserRecommendations>) answers)
                .returns(VersionedType.ANSWER)
                .sinkTo(LogFiles.sink(out))
                .uid(sinkId);
        return environment;
    }
}
