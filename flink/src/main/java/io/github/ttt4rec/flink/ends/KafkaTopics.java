package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.flink.state.BadRow;
import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.flink.state.VersionedType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Creates Kafka sources and sinks. Processing from topic to topic is exactly once: a checkpoint includes the offsets,
 * and its completion commits the transaction with the recommendations. Consumers that read {@code read_committed} see
 * them from then on.
 */
public final class KafkaTopics {
    private final String brokers;
    private final String group;
    private final Properties more;

    /**
     * Connects to the topics of a Kafka cluster.
     *
     * @param brokers such as {@code host:9092,host:9092}
     * @param group consumer group, and the prefix of transaction ids; no other job may use it
     * @param more additional properties of all clients, such as security settings
     */
    KafkaTopics(String brokers, String group, Properties more) {
        this.brokers = brokers;
        this.group = group;
        this.more = more;
    }

    /** Creates a source of events, JSON objects. It starts at the topic's beginning if the group has no offsets yet. */
    KafkaSource<Row> events(String topic, ReadOptions columns) {
        return source(topic, new Records(topic, columns, 0));
    }

    /** Creates a source of requests, JSON objects. */
    KafkaSource<Row> requests(String topic, int defaultK) {
        return source(topic, new Records(topic, null, defaultK));
    }

    private KafkaSource<Row> source(String topic, Records records) {
        var source = KafkaSource.<Row>builder()
                .setProperties(more)
                .setBootstrapServers(brokers)
                .setGroupId(group)
                .setTopics(topic)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .setDeserializer(records);
        return source.build();
    }

    /**
     * Creates a sink that writes recommendations as JSON objects, keyed by user, in transactions.
     *
     * @param longest the time limit of a transaction; checkpoints, and restarts after a failure, must come sooner. At
     *     most the brokers' {@code transaction.max.timeout.ms}
     */
    KafkaSink<UserRecommendations> sink(String topic, Duration longest) {
        KafkaRecordSerializationSchema<UserRecommendations> records =
                (answer, context, timestamp) -> new ProducerRecord<>(
                        topic, answer.user().getBytes(StandardCharsets.UTF_8), UserRecommendationsJson.bytes(answer));
        return KafkaSink.<UserRecommendations>builder()
                .setKafkaProducerConfig(more)
                .setBootstrapServers(brokers)
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(group + "-" + topic)
                .setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(longest.toMillis()))
                .setRecordSerializer(records)
                .build();
    }

    /** Parses a record's value. An unreadable value becomes a bad row. */
    private static final class Records implements KafkaRecordDeserializationSchema<Row> {
        private static final long serialVersionUID = 1L;

        private final String topic;
        private final @Nullable ReadOptions columns;
        private final int defaultK;
        private transient @Nullable JsonRows rows;

        Records(String topic, @Nullable ReadOptions columns, int defaultK) {
            this.topic = topic;
            this.columns = columns;
            this.defaultK = defaultK;
        }

        @Override
        public void open(DeserializationSchema.InitializationContext context) {
            if (columns != null) {
                rows = new JsonRows(columns);
            }
        }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Row> out) throws IOException {
            Row row = row(record);
            if (row != null) {
                out.collect(row);
            }
        }

        /** Returns the row of a record, good or bad; null for an event that predictions do not read. */
        private @Nullable Row row(ConsumerRecord<byte[], byte[]> record) {
            try {
                if (record.value() == null) {
                    throw new JsonRows.WrongRowException("it has no value");
                }
                JsonRows events = rows;
                return events == null ? JsonRows.request(record.value(), defaultK) : events.event(record.value());
            } catch (JsonRows.WrongRowException e) {
                return new BadRow("topic " + topic + ", partition " + record.partition() + ", offset " + record.offset()
                        + ": " + e.getMessage());
            }
        }

        @Override
        public TypeInformation<Row> getProducedType() {
            return VersionedType.ROW;
        }
    }
}
