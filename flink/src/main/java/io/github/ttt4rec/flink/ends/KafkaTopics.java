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
 * Topics to read from and to write to. From topic to topic each event counts once: offsets are part of a checkpoint, and answers
 * are written in transactions that its completion commits. Consumers of answers see them from then on, if they read
 * {@code read_committed}.
 */
public final class KafkaTopics {
    private final String brokers;
    private final String group;
    private final Properties more;

    /**
     * Topics of a cluster.
     *
     * @param brokers such as {@code host:9092,host:9092}
     * @param group consumer group, and what transactions' names begin with: no other job may have it
     * @param more properties for all clients, such as those for security
     */
    KafkaTopics(String brokers, String group, Properties more) {
        this.brokers = brokers;
        this.group = group;
        this.more = more;
    }

    /** Events from a topic: JSON objects; from its beginning where the group has read nothing yet. */
    KafkaSource<Row> events(String topic, ReadOptions columns) {
        return source(topic, new Records(topic, columns, 0));
    }

    /** Requests from a topic: JSON objects. */
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
     * Writes answers to a topic as JSON objects, keyed by user, in transactions.
     *
     * @param longest how long a transaction may stay open: checkpoints, and restarts after a failure, must come sooner. Not
     *     more than the brokers' {@code transaction.max.timeout.ms}
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

    /** Turns a record's value into a row; one that is not readable becomes a bad row. */
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
            out.collect(row(record));
        }

        private Row row(ConsumerRecord<byte[], byte[]> record) {
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
