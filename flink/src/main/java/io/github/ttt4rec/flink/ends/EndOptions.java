package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.UserFacingException;
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
                    "Events, in the order in which they count, in any format that train reads; or a directory of such"
                            + " files, each user in one of them.")
    private @Nullable Path events;

    @Option(names = "--events-topic", paramLabel = "TOPIC", description = "Events from Kafka: JSON objects.")
    private @Nullable String eventsTopic;

    @Option(
            names = "--requests",
            paramLabel = "FILE",
            description = "Requests for lists, JSON Lines: user, and where wanted request_id, k, only, exclude,"
                    + " exclude_seen. Answered after the last event, or as they come with --watch.")
    private @Nullable Path requests;

    @Option(
            names = "--requests-topic",
            paramLabel = "TOPIC",
            description = "Requests from Kafka: JSON objects, answered as they come.")
    private @Nullable String requestsTopic;

    @Option(names = "--out", paramLabel = "DIR", description = "Lists go to JSON Lines files in this directory.")
    private @Nullable Path out;

    @Option(names = "--out-topic", paramLabel = "TOPIC", description = "Lists go to Kafka, each once.")
    private @Nullable String outTopic;

    @Option(names = "--brokers", paramLabel = "HOST:PORT,...", description = "Kafka's brokers.")
    private @Nullable String brokers;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            defaultValue = "ttt4rec",
            description = "Kafka consumer group, and what transactions' names begin with; no other job may have it"
                    + " (default: ${DEFAULT-VALUE}).")
    private String group;

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "More properties for Kafka's clients, such as security.protocol=SSL; repeatable.")
    private Map<String, String> kafka = Map.of();

    @Option(
            names = "--watch",
            description = "Go on when all files have been read: look for new files, and for another model in --model.")
    private boolean watch;

    @Mixin
    private final ReadingOptions reading = new ReadingOptions();

    @Option(
            names = "--event-id-column",
            paramLabel = "NAME",
            description = "Column with event ids, if any: an event comes again under its id (default: event_id).")
    private @Nullable String eventIdColumn;

    /** For picocli. */
    public EndOptions() {}

    /** Says what is missing or too much, in words for wrong usage; null if nothing is. */
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
            return "a topic's events are JSON objects: of the options for reading files only those that name columns, and"
                    + " --skip-bad-rows, are for topics";
        }
        boolean topics = eventsTopic != null || requestsTopic != null || outTopic != null;
        if (topics != (brokers != null)) {
            return topics ? "topics need --brokers HOST:PORT" : "--brokers is for topics, and none is given";
        }
        return null;
    }

    /** Returns whether nothing comes after a while: the files are read to their end. */
    public boolean ends() {
        return !watch && eventsTopic == null && requestsTopic == null;
    }

    /** Returns whether what is written is only to be seen when a checkpoint has been completed. */
    public boolean needsCheckpoints() {
        return outTopic != null || !ends();
    }

    /** Returns whether bad rows are left out and counted. */
    public boolean skipBadRows() {
        return options().skipBadRows();
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
                .withSkipBadRows(options.skipBadRows());
    }

    public boolean hasRequests() {
        return requests != null || requestsTopic != null;
    }

    public @Nullable Path directory() {
        return out;
    }

    /** The sink of lists, in words. */
    public String target() {
        return outTopic == null ? String.valueOf(out) : "topic " + outTopic;
    }

    /** Checks what can be checked beforehand on the machine where the files are; throws {@link UserFacingException}. */
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

    public Source<Row, ?, ?> events(@Nullable Duration interval) {
        return events != null
                ? LogFiles.source(events.toAbsolutePath(), RowFormat.events(options()), watch ? interval : null)
                : topics().events(String.valueOf(eventsTopic), options());
    }

    /** The source of requests; only called if options name one. */
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
