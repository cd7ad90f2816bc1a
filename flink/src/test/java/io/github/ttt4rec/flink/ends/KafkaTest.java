package io.github.ttt4rec.flink.ends;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.flink.job.Embedded;
import io.github.ttt4rec.flink.job.FailOnce;
import io.github.ttt4rec.flink.job.JobSettings;
import io.github.ttt4rec.flink.job.Logs;
import io.github.ttt4rec.flink.job.ModelWatcher;
import io.github.ttt4rec.flink.job.RecommendJob;
import io.github.ttt4rec.flink.job.TestModels;
import io.github.ttt4rec.flink.job.Truth;
import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.ModelPackage;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.flink.state.VersionedType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests exactly-once processing from Kafka to Kafka, through failures, with a broker on this machine. */
class KafkaTest {
    private static final int PARTITIONS = 2;

    @TempDir
    private Path directory;

    @Test
    void eachEventIsAnsweredOnceAlthoughTheJobFails() throws Exception {
        TrainedModel model = TestModels.first();
        model.save(directory.resolve("model"));
        List<UserEvent> events = Logs.events(500, 99);
        Truth truth = new Truth(events);
        try (Broker broker = Broker.start(directory)) {
            broker.createTopic("events", PARTITIONS);
            broker.createTopic("requests", PARTITIONS);
            broker.createTopic("lists", PARTITIONS);
            List<Map.Entry<String, String>> records = new ArrayList<>();
            for (UserEvent event : events) {
                records.add(Map.entry(event.user(), Logs.json(event)));
            }
            records.add(100, Map.entry("u0", "{\"user\": \"u0\""));
            broker.send("events", records);

            JobClient job = start(broker);
            List<UserRecommendations> answers = broker.read("lists", PARTITIONS, truth.accepted()).stream()
                    .map(Logs::answer)
                    .toList();
            assertThat(FailOnce.restoredFrom(directory.toString())).isPositive();
            assertThat(answers).hasSize(truth.accepted());
            Set<String> seen = new HashSet<>();
            for (UserRecommendations answer : answers) {
                assertThat(seen.add(answer.user() + " " + answer.events()))
                        .as("%s is there once", answer)
                        .isTrue();
                truth.check(answer, model);
            }

            broker.send(
                    "requests", List.of(Map.entry("u3", "{\"user\": \"u3\", \"request_id\": \"r1\", \"k\": 1000}")));
            UserRecommendations asked = broker.read("lists", PARTITIONS, truth.accepted() + 1).stream()
                    .map(Logs::answer)
                    .filter(answer -> answer.reason() == UserRecommendations.Reason.REQUEST)
                    .findFirst()
                    .orElseThrow();
            assertThat(asked.id()).isEqualTo("r1");
            assertThat(asked.events()).isEqualTo(truth.events("u3"));
            truth.check(asked, model);
            job.cancel().get();
        }
    }

    private JobClient start(Broker broker) throws Exception {
        Configuration configuration = Embedded.configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        JobSettings settings = JobSettings.defaults().withK(1000);
        KafkaTopics topics = new KafkaTopics(broker.address(), "test", new Properties());
        DataStream<Input> events = RecommendJob.read(
                        environment, topics.events("events", ReadOptions.defaults()), "events", true)
                .map(new FailOnce(directory.toString(), 80))
                .returns(VersionedType.INPUT);
        DataStream<Input> requests = RecommendJob.read(environment, topics.requests("requests", 10), "requests", true);
        DataStream<ModelPackage> models =
                ModelWatcher.always(environment, directory.resolve("model"), settings, Duration.ofSeconds(1));
        RecommendJob.answers(events.union(requests), models, settings)
                .sinkTo(topics.sink("lists", Duration.ofMinutes(1)))
                .uid("answers");
        return environment.executeAsync();
    }
}
