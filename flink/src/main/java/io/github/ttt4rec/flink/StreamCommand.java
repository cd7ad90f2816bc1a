package io.github.ttt4rec.flink;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.flink.ends.EndOptions;
import io.github.ttt4rec.flink.ends.LogFiles;
import io.github.ttt4rec.flink.job.ActiveModel;
import io.github.ttt4rec.flink.job.Counters;
import io.github.ttt4rec.flink.job.Embedded;
import io.github.ttt4rec.flink.job.GoodRows;
import io.github.ttt4rec.flink.job.JobSettings;
import io.github.ttt4rec.flink.job.ModelWatcher;
import io.github.ttt4rec.flink.job.RecommendJob;
import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.option.ModelOption;
import io.github.ttt4rec.terminal.option.PeriodConverter;
import io.github.ttt4rec.terminal.option.PolicyOption;
import io.github.ttt4rec.terminal.option.UserTtlOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Recommends for the users of event files or topics, in this process or on the Flink cluster that the program is
 * submitted to.
 */
@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = {
            "Recommend from a stream of events on Apache Flink: events in, recommendations out.",
            "",
            "Runs in this process, without a cluster; docs/streaming.md shows how to submit the same program to a"
                    + " cluster. A user's events apply in the order in which they are read; an event whose"
                    + " event_id is among the user's kept events is a duplicate. Ctrl-C stops the job; with"
                    + " --checkpoints it prints how to continue.",
            ""
        },
        customSynopsis = {
            "ttt4rec stream --model DIR --events FILE --out DIR [OPTIONS]",
            "       ttt4rec stream --model DIR --brokers HOST:PORT --events-topic TOPIC",
            "           --out-topic TOPIC --checkpoints DIR [OPTIONS]"
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec stream --model model --events events.csv --out lists",
            "  A list for every user after the last event, as a nightly export:",
            "  ttt4rec stream --model model --events events.csv --out lists --lists end \\",
            "      --exclude-seen",
            "  From Kafka to Kafka, each event exactly once:",
            "  ttt4rec stream --model model --brokers localhost:9092 --events-topic events \\",
            "      --requests-topic requests --out-topic lists --lists none \\",
            "      --checkpoints /var/lib/ttt4rec/checkpoints --state rocksdb",
        })
public final class StreamCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final int RESTARTS = 3;

    /** Flink's state backends, by Flink's names. */
    private enum StateBackend {
        HASHMAP,
        ROCKSDB
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final EndOptions ends = new EndOptions();

    @Option(
            names = "--lists",
            paramLabel = "WHEN",
            defaultValue = "event",
            description =
                    "Lists to make in addition to requested ones: event, after each event; end, one for each user after"
                            + " the last event; none (default: ${DEFAULT-VALUE}).")
    private JobSettings.Lists lists;

    @Option(
            names = "-k",
            paramLabel = "K",
            defaultValue = "10",
            description = "Number of items in a list (default: 10).")
    private int k;

    @Option(names = "--exclude-seen", description = "Leave out items that are among the user's kept events.")
    private boolean excludeSeen;

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    @Option(
            names = "--keep-events",
            paramLabel = "N",
            description =
                    "Keep each user's last N events, 0 for all (default: as many as the policy reads, and at least"
                            + " max_len).")
    private @Nullable Integer keepEvents;

    @Mixin
    private final UserTtlOption userTtl = new UserTtlOption();

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Number of parallel tasks that users are spread over (default: 1).")
    private int parallelism = 1;

    @Option(
            names = "--state",
            paramLabel = "WHERE",
            description = "Backend for users' state: hashmap, on the heap; rocksdb, in files (default: hashmap).")
    private @Nullable StateBackend state;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description = "Directory to save the state in periodically, and on Ctrl-C.")
    private @Nullable Path checkpoints;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "TIME",
            converter = PeriodConverter.class,
            defaultValue = "30s",
            description = "Time between checkpoints; lists appear in files and topics at each checkpoint (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration checkpointEvery;

    @Option(names = "--from", paramLabel = "DIR", description = "Continue from this savepoint or checkpoint.")
    private @Nullable Path from;

    @Override
    public Integer call() throws Exception {
        JobSettings settings = settings();
        boolean embedded = StreamExecutionEnvironment.getExecutionEnvironment() instanceof LocalStreamEnvironment;
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration(embedded));
        if (embedded) {
            ends.check(from != null);
            new ActiveModel(ModelPackage.of(model.directory()), settings).warm();
            environment.setParallelism(parallelism);
        }
        build(environment, settings);
        String name = "ttt4rec " + ends.target();
        if (!embedded) {
            // Waits for the job's end unless it was submitted detached.
            environment.execute(name);
            return 0;
        }
        long start = System.nanoTime();
        return follow(environment.executeAsync(name), start);
    }

    private JobSettings settings() {
        String problem = ends.problem();
        if (problem == null && lists == JobSettings.Lists.END && !ends.ends()) {
            problem = "--lists end needs a stream that ends: event files, without --watch or topics";
        }
        if (problem == null && lists == JobSettings.Lists.NONE && !ends.hasRequests()) {
            problem = "--lists none makes lists on request only: add --requests or --requests-topic";
        }
        if (problem == null && parallelism < 1) {
            problem = "--parallelism must be 1 or more";
        }
        if (problem == null && ends.needsCheckpoints() && checkpoints == null) {
            problem = "topics and --watch need --checkpoints DIR: lists appear when the state is saved";
        }
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        try {
            return new JobSettings(
                    lists, k, excludeSeen, ends.ends(), policy.value(), keepEvents, userTtl.value(), ends.types());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    /** Options that are not given keep the cluster's settings. */
    private Configuration configuration(boolean embedded) {
        Configuration configuration = new Configuration();
        Embedded.strict(configuration);
        if (embedded) {
            configuration.addAll(Embedded.configuration());
            configuration.set(RestartStrategyOptions.RESTART_STRATEGY, checkpoints == null ? "none" : "fixed-delay");
            configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
            configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(5));
        }
        if (state != null) {
            configuration.set(StateBackendOptions.STATE_BACKEND, state.name().toLowerCase(Locale.ROOT));
        }
        if (checkpoints != null) {
            configuration.set(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                    checkpoints.toAbsolutePath().toUri().toString());
            configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointEvery);
            configuration.set(
                    CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                    ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
            configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        }
        if (from != null) {
            configuration.set(
                    StateRecoveryOptions.SAVEPOINT_PATH,
                    from.toAbsolutePath().toUri().toString());
        }
        return configuration;
    }

    private void build(StreamExecutionEnvironment environment, JobSettings settings) {
        DataStream<Input> inputs = RecommendJob.read(environment, ends.events(LOOK), "events", ends.skipBadRows());
        if (ends.hasRequests()) {
            inputs = inputs.union(
                    RecommendJob.read(environment, ends.requests(k, LOOK), "requests", ends.skipBadRows()));
        }
        Path directory = model.directory().toAbsolutePath();
        DataStream<ModelPackage> models = ends.ends()
                ? ModelWatcher.once(environment, directory, settings)
                : ModelWatcher.always(environment, directory, settings, LOOK);
        RecommendJob.answers(inputs, models, settings)
                .sinkTo(ends.sink())
                .name("lists")
                .uid("answers");
    }

    private int follow(JobClient job, long start) throws Exception {
        CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
        CompletableFuture<String> savepoint = new CompletableFuture<>();
        try (StopSignals signals = new StopSignals(signal -> stop(job, savepoint))) {
            JobExecutionResult result;
            try {
                result = end.get();
            } catch (ExecutionException e) {
                if (signals.stopped()) {
                    line(stopped(""));
                    return signals.exitCode();
                }
                if (checkpoints == null) {
                    clear();
                }
                throw e;
            }
            if (signals.stopped()) {
                line(stopped(savepoint.get()));
                return signals.exitCode();
            }
            line(summary(result, (System.nanoTime() - start) / 1e9));
            return 0;
        }
    }

    /** Stops with a savepoint if checkpoints are on; otherwise cancels. */
    private void stop(JobClient job, CompletableFuture<String> savepoint) {
        line("stopping");
        if (checkpoints == null) {
            var _ = job.cancel();
            return;
        }
        var _ = job.stopWithSavepoint(
                        false, checkpoints.toAbsolutePath().toUri().toString(), SavepointFormatType.CANONICAL)
                .whenComplete((path, failure) -> {
                    if (failure == null) {
                        savepoint.complete(path);
                    } else {
                        line("could not save the state, so the job is cancelled without a savepoint: "
                                + failure.getMessage());
                        var _ = job.cancel();
                    }
                });
    }

    private String stopped(String savepoint) {
        if (!savepoint.isEmpty()) {
            return "stopped; the same command with --from " + savepoint.replaceFirst("^file:", "") + " continues";
        }
        int left = clear();
        return "stopped before the end; " + ends.target() + " has "
                + (left == 0 ? "no lists" : left + " complete files of lists");
    }

    /** Deletes unfinished files and returns the number of complete ones. */
    private int clear() {
        Path out = ends.directory();
        if (out == null || !Files.isDirectory(out)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(out)) {
            int whole = 0;
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("." + LogFiles.PREFIX)) {
                    Files.delete(file);
                } else if (name.startsWith(LogFiles.PREFIX)) {
                    whole++;
                }
            }
            return whole;
        } catch (IOException e) {
            throw new UserFacingException("cannot delete unfinished files in " + out + ": " + e.getMessage(), e);
        }
    }

    private String summary(JobExecutionResult result, double seconds) {
        long events = count(result, Counters.EVENTS);
        long read = events + count(result, Counters.DUPLICATES);
        return String.format(
                Locale.ROOT,
                "%,d events in %.1f s (%,.0f/s), start included; left out: %,d duplicates, %,d bad rows; of unknown items:"
                        + " %,d; earlier than one before: %,d; requests: %,d; lists in %s",
                events,
                seconds,
                read / seconds,
                count(result, Counters.DUPLICATES),
                count(result, GoodRows.BAD_ROWS),
                count(result, Counters.UNKNOWN_ITEMS),
                count(result, Counters.LATE),
                count(result, Counters.REQUESTS),
                ends.target());
    }

    private static long count(JobExecutionResult result, String name) {
        Long count = result.getAccumulatorResult(name);
        return count == null ? 0 : count;
    }

    private void line(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("ttt4rec: " + text);
        err.flush();
    }
}
