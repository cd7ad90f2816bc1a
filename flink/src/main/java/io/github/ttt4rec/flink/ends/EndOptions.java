package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.terminal.option.ReadingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the job's sources of events and requests and its sink of lists: files or topics. */
public final class EndOptions {
    private static final Duration TRANSACTION = Duration.ofMinutes(15);

    @Option(
            names = "--events",
            paramLabel = "FILE",
            description =
                    "File of events in the order in which they apply, in any format that train reads; or a directory of"
                            + " such files, with all events of a user in one file.")
    private @Nullable Path events;

    @Option(
            names = "--events-topic",
            paramLabel = "TOPIC",
            description = "Kafka topic to read events from, as JSON objects.")
    private @Nullable String eventsTopic;

    @Option(
            names = "--requests",
            paramLabel = "FILE",
            description =
                    "Requests for lists, JSON Lines: user, and optionally request_id, k, only, exclude, exclude_seen."
                            + " Answered after the last event, or as they arrive with --watch.")
    private @Nullable Path requests;

    @Option(
            names = "--requests-topic",
            paramLabel = "TOPIC",
            description = "Kafka topic to read requests from, as JSON objects; they are answered as they arrive.")
    private @Nullable String requestsTopic;

    @Option(names = "--out", paramLabel = "DIR", description = "Directory to write lists to, as JSON Lines files.")
    private @Nullable Path out;

    @Option(
            names = "--out-topic",
            paramLabel = "TOPIC",
            description = "Kafka topic to write lists to, each exactly once.")
    private @Nullable String outTopic;

    @Option(names = "--brokers", paramLabel = "HOST:PORT,...", description = "Kafka brokers.")
    private @Nullable String brokers;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            defaultValue = "ttt4rec",
            description = "Kafka consumer group, and the prefix of transaction ids; no other job may use it"
                    + " (default: ${DEFAULT-VALUE}).")
    private String group;

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "Additional property of the Kafka clients, such as security.protocol=SSL; repeatable.")
    private Map<String, String> kafka = Map.of();

    @Option(
            names = "--watch",
            description =
                    "Keep running when all files have been read: look for new files, and for a new model in --model.")
    private boolean watch;

    @Mixin
    private final ReadingOptions reading = new ReadingOptions();

    @Option(
            names = "--event-id-column",
            paramLabel = "NAME",
            description = "Column of event ids, if there is one: a repeated id marks a duplicate (default: event_id).")
    private @Nullable String eventIdColumn;

    /** Returns the usage error if options are missing or contradict each other; null if there is none. */
    public @Nullable String problem() {
        if ((events == null) == (eventsTopic == null)) {
            return "give either --events FILE or --events-topic TOPIC";
        }
        if ((out == null) == (outTopic == null)) {
            return "give either --out DIR or --out-topic TOPIC";
        }
        if (requests != null && requestsTopic != null) {
            return "give --requests FILE or --requests-topic TOPIC, not both";
        }
        if (reading.problem() != null) {
            return reading.problem();
        }
        if (eventsTopic != null && !namesOnly().equals(options())) {
            return "a topic's events are JSON objects: only the options that name columns, --types and --skip-bad-rows"
                    + " apply to topics";
        }
        if (eventsTopic != null
                && options().types() == null
                && (options().typeColumn() != null || options().valueColumn() != null)) {
            return EventRoles.NEEDED;
        }
        boolean topics = eventsTopic != null || requestsTopic != null || outTopic != null;
        if (topics != (brokers != null)) {
            return topics ? "topics need --brokers HOST:PORT" : "--brokers is for topics, and none is given";
        }
        return null;
    }

    /** Returns whether the stream ends, at the end of its files. */
    public boolean ends() {
        return !watch && eventsTopic == null && requestsTopic == null;
    }

    /** Returns whether output becomes visible only when a checkpoint completes. */
    public boolean needsCheckpoints() {
        return outTopic != null || !ends();
    }

    /** Returns whether to skip and count bad rows. */
    public boolean skipBadRows() {
        return options().skipBadRows();
    }

    /** The rules by which events of several types are read; null if all are read. */
    public @Nullable String types() {
        return options().types();
    }

    private ReadOptions options() {
        ReadOptions options = reading.options(ReadOptions.defaults());
        return eventIdColumn == null ? options : options.withEventIdColumn(eventIdColumn);
    }

    private ReadOptions namesOnly() {
        ReadOptions options = options();
        return ReadOptions.defaults()
                .withColumns(options.userColumn(), options.itemColumn(), options.timeColumn())
                .withEventIdColumn(options.eventIdColumn())
                .withTypes(options.typeColumn(), options.valueColumn(), options.types())
                .withSkipBadRows(options.skipBadRows());
    }

    public boolean hasRequests() {
        return requests != null || requestsTopic != null;
    }

    public @Nullable Path directory() {
        return out;
    }

    /** Names the sink of lists in messages. */
    public String target() {
        return outTopic == null ? String.valueOf(out) : "topic " + outTopic;
    }

    /** Checks the input and output paths of this machine before the job starts. */
    public void check(boolean goesOn) {
        for (Path file :
                Stream.of(events, requests).filter(path -> path != null).toList()) {
            if (!Files.exists(file)) {
                throw new UserFacingException("no such file: " + file + "; check the path");
            }
        }
        if (out == null || goesOn) {
            return;
        }
        try {
            Files.createDirectories(out);
            try (Stream<Path> files = Files.list(out)) {
                if (files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith(LogFiles.PREFIX))) {
                    throw new UserFacingException(out + " holds lists of another run: name another directory");
                }
            }
        } catch (IOException e) {
            throw new UserFacingException("cannot write to the directory " + out + ": " + e, e);
        }
    }

    /** Creates the source of events. */
    public Source<Row, ?, ?> events(@Nullable Duration interval) {
        return events != null
                ? LogFiles.source(events.toAbsolutePath(), RowFormat.events(options()), watch ? interval : null)
                : topics().events(String.valueOf(eventsTopic), options());
    }

    /** Creates the source of requests; the options must name one. */
    public Source<Row, ?, ?> requests(int defaultK, @Nullable Duration interval) {
        return requests != null
                ? LogFiles.source(requests.toAbsolutePath(), RowFormat.requests(defaultK), watch ? interval : null)
                : topics().requests(String.valueOf(requestsTopic), defaultK);
    }

    public Sink<UserRecommendations> sink() {
        return out != null ? LogFiles.sink(out.toAbsolutePath()) : topics().sink(String.valueOf(outTopic), TRANSACTION);
    }

    private KafkaTopics topics() {
        Properties properties = new Properties();
        properties.putAll(kafka);
        return new KafkaTopics(String.valueOf(brokers), group, properties);
    }
}
