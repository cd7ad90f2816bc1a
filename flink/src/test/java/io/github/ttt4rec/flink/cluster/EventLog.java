package io.github.ttt4rec.flink.cluster;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Synthetic events in global order, from a seed. Each is of a random user, and usually of the item that follows the
 * user's last one, sometimes of a random item.
 *
 * @param users the user of each event
 * @param items the item of each event
 * @param userCount the number of users
 */
record EventLog(int[] users, int[] items, int userCount) {
    private static final long START = 1_700_000_000_000L;

    /** Generates {@code count} events. */
    static EventLog of(int count, int userCount, int itemCount, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] users = new int[count];
        int[] items = new int[count];
        int[] last = new int[userCount];
        for (int user = 0; user < userCount; user++) {
            last[user] = random.nextInt(itemCount);
        }
        for (int event = 0; event < count; event++) {
            int user = random.nextInt(userCount);
            last[user] = random.nextInt(10) == 0 ? random.nextInt(itemCount) : (last[user] + 1) % itemCount;
            users[event] = user;
            items[event] = last[user];
        }
        return new EventLog(users, items, userCount);
    }

    int count() {
        return users.length;
    }

    /** Returns the number of events of each user. */
    int[] eventsOf() {
        int[] counts = new int[userCount];
        for (int user : users) {
            counts[user]++;
        }
        return counts;
    }

    /** Writes the events as CSV for a run in a single process. */
    void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("event_id,user,item,time\n");
            for (int event = 0; event < count(); event++) {
                out.write(
                        "e" + event + ",u" + users[event] + ",i" + items[event] + "," + (START + 1000L * event) + "\n");
            }
        }
    }

    /**
     * Sends the events in order to a topic, with the user as key.
     *
     * @param allowed returns the number of events that may be sent so far
     * @throws IllegalStateException if an event could not be sent
     */
    void send(String broker, String topic, IntSupplier allowed) throws InterruptedException {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        Map<String, Object> properties =
                Map.of("bootstrap.servers", broker, "acks", "all", "linger.ms", 20, "delivery.timeout.ms", 300_000);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (int event = 0; event < count(); event++) {
                while (event >= allowed.getAsInt()) {
                    producer.flush();
                    Thread.sleep(20);
                }
                String json = "{\"event_id\": \"e" + event + "\", \"user\": \"u" + users[event] + "\", \"item\": \"i"
                        + items[event] + "\", \"time\": " + (START + 1000L * event) + "}";
                // The callback stores the first failure, and close() waits for all records.
                Future<?> _ =
                        producer.send(new ProducerRecord<>(topic, "u" + users[event], json), (metadata, problem) -> {
                            if (problem != null) {
                                failure.compareAndSet(null, problem);
                            }
                        });
            }
        }
        Exception first = failure.get();
        if (first != null) {
            throw new IllegalStateException("an event could not be sent", first);
        }
    }
}
