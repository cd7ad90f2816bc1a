package io.github.ttt4rec.flink.cluster;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/** A Kafka broker in a process of its own: KRaft, its own controller, on the loopback interface. */
final class BrokerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(1);

    private final JavaProcess process;
    private final String address;

    BrokerProcess(Path directory) throws IOException, InterruptedException {
        int port = Ports.free();
        int controller = Ports.free();
        address = "127.0.0.1:" + port;
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                Map.entry("listeners", "PLAINTEXT://" + address + ",CONTROLLER://127.0.0.1:" + controller),
                Map.entry("advertised.listeners", "PLAINTEXT://" + address),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("log.dirs", directory.resolve("kafka").toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("transaction.state.log.min.isr", "1")));
        Path file = directory.resolve("server.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path log = directory.resolve("broker.log");
        JavaProcess format = new JavaProcess(
                List.of(
                        "-cp",
                        classPath,
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        file.toString()),
                Map.of(),
                log);
        format.start();
        format.await(START);
        process = new JavaProcess(
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-cp", classPath, "kafka.Kafka", file.toString()),
                Map.of(),
                log);
    }

    /** Starts the broker. Clients wait until it answers. */
    void start() throws IOException {
        process.start();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    /** Returns {@code host:port}. */
    String address() {
        return address;
    }

    void createTopic(String name, int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
