package io.github.ttt4rec.flink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the committed lists of a topic as they are written, in a thread of its own. */
final class ListReader implements AutoCloseable {
    private final Lists lists;
    private final Thread thread;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong lastArrival = new AtomicLong(System.nanoTime());
    private volatile boolean closed;

    ListReader(String broker, String topic, int partitions, Lists lists) {
        this.lists = lists;
        thread = Thread.ofPlatform().name("lists").start(() -> {
            try {
                read(broker, topic, partitions);
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
    }

    private void read(String broker, String topic, int partitions) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", broker, "isolation.level", "read_committed", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!closed) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    lists.add(record.value());
                    lastArrival.set(System.nanoTime());
                }
            }
        }
    }

    /** Returns the {@link System#nanoTime} at which the last list arrived. */
    long lastArrival() {
        return lastArrival.get();
    }

    /** Returns the model version of the latest list. */
    String latestVersion() {
        return lists.latestVersion();
    }

    /** Returns the number of lists so far; rethrows the exception that ended the reading, if any. */
    int count() {
        Throwable problem = failure.get();
        if (problem != null) {
            throw new IllegalStateException("reading lists failed", problem);
        }
        return lists.count();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The thread sees the flag and ends.
        }
    }
}
