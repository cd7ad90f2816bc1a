package io.github.ttt4rec.flink.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Flink cluster on the loopback interface: ZooKeeper, which Flink's high availability needs, one JobManager and two
 * TaskManagers with two slots each, each in a process of its own.
 */
final class ClusterProcesses implements AutoCloseable {
    static final int TASK_MANAGERS = 2;

    private static final Duration CLIENT = Duration.ofMinutes(3);
    private static final Duration RETRY = Duration.ofSeconds(3);
    private static final int STOP_ATTEMPTS = 20;
    private static final Pattern SUBMITTED = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT = Pattern.compile("Path: file:(\\S+)");

    private final Path directory;
    private final String classPath;
    private final JavaProcess zooKeeper;
    private final JavaProcess jobManager;
    private final List<JavaProcess> taskManagers = new ArrayList<>();
    private int clients;

    /**
     * Describes the cluster and starts nothing.
     *
     * @param directory for its configuration, logs, and the files of high availability
     * @param libraries the directory of Flink's jars
     */
    ClusterProcesses(Path directory, Path libraries) throws IOException {
        this.directory = directory;
        classPath = libraries + "/*" + File.pathSeparator + librariesOfTheJob();
        int zooKeeperPort = Ports.free();
        Files.writeString(
                directory.resolve("zoo.cfg"),
                "dataDir=" + directory.resolve("zookeeper") + "\nclientPort=" + zooKeeperPort
                        + "\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\ntickTime=1000\n");
        Files.writeString(directory.resolve("config.yaml"), configuration(zooKeeperPort));
        zooKeeper = process(
                "zookeeper",
                List.of("-Xmx128m"),
                "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain",
                directory.resolve("zoo.cfg").toString());
        jobManager = process(
                "jobmanager",
                List.of("-Xmx512m"),
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                "--configDir",
                directory.toString());
        for (int i = 0; i < TASK_MANAGERS; i++) {
            taskManagers.add(process(
                    "taskmanager-" + i,
                    List.of("-Xmx640m", "--add-modules", "jdk.incubator.vector"),
                    "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                    "--configDir",
                    directory.toString()));
        }
    }

    /**
     * Returns the libraries of Flink and ZooKeeper that the job also uses; the directory of Flink's jars has only those
     * that a cluster adds.
     */
    private static String librariesOfTheJob() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return String.join(
                File.pathSeparator,
                Stream.of(all.split(File.pathSeparator))
                        .filter(path -> Path.of(path)
                                .getFileName()
                                .toString()
                                .matches("(snakeyaml-engine|commons-compress|commons-io|commons-lang3|snappy-java)-.*"))
                        .toList());
    }

    private String configuration(int zooKeeperPort) throws IOException {
        return String.join(
                "\n",
                "jobmanager.rpc.address: 127.0.0.1",
                "jobmanager.rpc.port: " + Ports.free(),
                "jobmanager.bind-host: 127.0.0.1",
                "rest.address: 127.0.0.1",
                "rest.bind-address: 127.0.0.1",
                "rest.port: " + Ports.free(),
                "taskmanager.host: 127.0.0.1",
                "taskmanager.bind-host: 127.0.0.1",
                "taskmanager.numberOfTaskSlots: 2",
                "taskmanager.cpu.cores: 1.0",
                "taskmanager.memory.framework.heap.size: 128m",
                "taskmanager.memory.framework.off-heap.size: 128m",
                "taskmanager.memory.task.heap.size: 512m",
                "taskmanager.memory.task.off-heap.size: 0m",
                "taskmanager.memory.network.min: 64m",
                "taskmanager.memory.network.max: 64m",
                "taskmanager.memory.managed.size: 256m",
                "taskmanager.memory.jvm-metaspace.size: 256m",
                "taskmanager.memory.jvm-overhead.min: 192m",
                "taskmanager.memory.jvm-overhead.max: 192m",
                "heartbeat.interval: 1000",
                "heartbeat.timeout: 5000",
                "restart-strategy.type: fixed-delay",
                "restart-strategy.fixed-delay.attempts: 1000000",
                "restart-strategy.fixed-delay.delay: 1 s",
                "execution.checkpointing.tolerable-failed-checkpoints: 1000000",
                "high-availability.type: zookeeper",
                "high-availability.storageDir: " + directory.resolve("ha").toUri(),
                "high-availability.zookeeper.quorum: 127.0.0.1:" + zooKeeperPort,
                "high-availability.zookeeper.client.session-timeout: 6000",
                "io.tmp.dirs: " + Files.createDirectories(directory.resolve("tmp")),
                "");
    }

    private JavaProcess process(String name, List<String> options, String mainClass, String... arguments) {
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of(
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                mainClass));
        words.addAll(Arrays.asList(arguments));
        return new JavaProcess(words, Map.of("FLINK_CONF_DIR", directory.toString()), directory.resolve(name + ".log"));
    }

    /** Starts all processes. */
    void start() throws IOException {
        zooKeeper.start();
        jobManager.start();
        for (JavaProcess taskManager : taskManagers) {
            taskManager.start();
        }
    }

    /** Kills the JobManager and starts it again. */
    void killJobManager() throws IOException, InterruptedException {
        jobManager.kill();
        jobManager.start();
    }

    /** Kills a TaskManager and starts it again. */
    void killTaskManager(int index) throws IOException, InterruptedException {
        taskManagers.get(index).kill();
        taskManagers.get(index).start();
    }

    /** Returns the CPU time of the TaskManagers so far. */
    Duration cpuTime() {
        return taskManagers.stream().map(JavaProcess::cpuTime).reduce(Duration.ZERO, Duration::plus);
    }

    /** Submits a job and returns its id; {@code words} come after {@code run -d}. */
    String submit(List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("run", "-d"));
        all.addAll(words);
        return find(SUBMITTED, client(all));
    }

    /**
     * Stops a job with a savepoint in {@code savepoints} and returns the savepoint's path. Retries while the job is
     * restarting, because a restarting job takes no savepoint.
     */
    Path stop(String job, Path savepoints) throws IOException, InterruptedException {
        List<String> words = List.of("stop", "-p", savepoints.toUri().toString(), job);
        for (int attempt = 1; ; attempt++) {
            try {
                return Path.of(find(SAVEPOINT, client(words)));
            } catch (IllegalStateException e) {
                if (attempt == STOP_ATTEMPTS) {
                    throw e;
                }
                Thread.sleep(RETRY);
            }
        }
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in\n" + text);
        }
        return matcher.group(1);
    }

    private String client(List<String> words) throws IOException, InterruptedException {
        String name = "client-" + clients++;
        JavaProcess client = process(
                name, List.of("-Xmx256m"), "org.apache.flink.client.cli.CliFrontend", words.toArray(String[]::new));
        client.start();
        client.await(CLIENT);
        return Files.readString(directory.resolve(name + ".log"));
    }

    /** Kills all processes. */
    @Override
    public void close() {
        for (JavaProcess taskManager : taskManagers) {
            taskManager.close();
        }
        jobManager.close();
        zooKeeper.close();
    }
}
