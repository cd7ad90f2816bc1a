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

/** Follows the users of a log or of topics with a model, in this process or on the cluster that this is submitted to. */
@Command(
        name = "stream",
        mixinStandardHelpOptions = true,
        description = {
            "Follow users with a model on Apache Flink: events in, recommendations out.",
            "",
            "Runs without a cluster, in this process; the same program is submitted to one, see docs/streaming.md. A"
                    + " user's events count in the order in which they are read; one whose event_id is among the user's"
                    + " events kept counts once. Ctrl-C stops; with --checkpoints it says how to go on.",
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
            "  From Kafka to Kafka, each event once:",
            "  ttt4rec stream --model model --brokers localhost:9092 --events-topic events \\",
            "      --requests-topic requests --out-topic lists --lists none \\",
            "      --checkpoints /var/lib/ttt4rec/checkpoints --state rocksdb",
        })
public final class StreamCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final int RESTARTS = 3;

    /** The holders of users' state, by the names that Flink has for them. */
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
            description = "Lists beside those requested: event, after each event; end, one for each user after the"
                    + " last event; none (default: ${DEFAULT-VALUE}).")
    private JobSettings.Lists lists;

    @Option(names = "-k", paramLabel = "K", defaultValue = "10", description = "Items in a list (default: 10).")
    private int k;

    @Option(names = "--exclude-seen", description = "Leave out what the user had, as far as it is kept.")
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

    @Option(names = "--parallelism", paramLabel = "N", description = "Users are spread over N tasks (default: 1).")
    private int parallelism = 1;

    @Option(
            names = "--state",
            paramLabel = "WHERE",
            description = "What holds users' state: hashmap, the heap; rocksdb, files (default: hashmap).")
    private @Nullable StateBackend state;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description = "Save the state there now and then, and at the end by Ctrl-C.")
    private @Nullable Path checkpoints;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "TIME",
            converter = PeriodConverter.class,
            defaultValue = "30s",
            description = "How often; files and topics show lists as often (default: ${DEFAULT-VALUE}).")
    private Duration checkpointEvery;

    @Option(names = "--from", paramLabel = "DIR", description = "Go on from this savepoint or checkpoint.")
    private @Nullable Path from;

    /** For picocli. */
    public StreamCommand() {}

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
            // Waits or not, as was asked for when this was submitted.
            environment.execute(name);
            return 0;
        }
        long start = System.nanoTime();
        return follow(environment.executeAsync(name), start);
    }

    private JobSettings settings() {
        String problem = ends.problem();
        if (problem == null && lists == JobSettings.Lists.END && !ends.ends()) {
            problem = "--lists end needs events that end: files, without --watch and topics";
        }
        if (problem == null && lists == JobSettings.Lists.NONE && !ends.hasRequests()) {
            problem = "--lists none makes lists on request only, and there are no --requests";
        }
        if (problem == null && parallelism < 1) {
            problem = "--parallelism must be 1 or more";
        }
        if (problem == null && ends.needsCheckpoints() && checkpoints == null) {
            problem = "topics and --watch need --checkpoints DIR: lists are shown when the state is saved";
        }
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        try {
            return new JobSettings(lists, k, excludeSeen, ends.ends(), policy.value(), keepEvents, userTtl.value());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    /** Options that are not given are left to the cluster. */
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

    /** With checkpoints so that it can go on; without just so. */
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
                        line("could not save the state, stopping without: " + failure.getMessage());
                        var _ = job.cancel();
                    }
                });
    }

    private String stopped(String savepoint) {
        if (!savepoint.isEmpty()) {
            return "stopped; the same command with --from " + savepoint.replaceFirst("^file:", "") + " goes on";
        }
        int left = clear();
        return "stopped before the end; " + ends.target() + " has "
                + (left == 0 ? "no lists" : left + " files of lists that were whole by then");
    }

    /** Removes what was being written; returns the number of whole files. */
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
            throw new UserFacingException("cannot clear what was being written to " + out + ": " + e.getMessage(), e);
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
