package io.github.ttt4rec.flink.cluster;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.flink.Main;
import io.github.ttt4rec.flink.job.TestModels;
import io.github.ttt4rec.terminal.Failures;
import io.github.ttt4rec.terminal.Program;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.PositiveConverter;
import io.github.ttt4rec.terminal.option.SeedOption;
import io.github.ttt4rec.terminal.option.StackTraceOption;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs the job on a cluster of processes through kills, rescaling and upgrades, and compares its lists with those of a
 * single process.
 */
@Command(
        name = "flink/cluster",
        mixinStandardHelpOptions = true,
        description = {
            "Run the job on a Flink cluster of processes on this machine, from Kafka to Kafka, kill them, rescale the job"
                    + " and upgrade it while events pass, and compare every list with the same events in one process.",
            ""
        },
        sortOptions = false)
public final class ClusterRun implements Callable<Integer> {
    private static final int PARTITIONS = 4;
    private static final int K = 3;
    private static final float TOLERANCE = 1e-4f;
    /** One part in this many events may be sent ahead of the lists, so that kills happen while events flow. */
    private static final int AHEAD = 20;

    /** The pause between two events during a model swap, so that the events last until the job notices the model. */
    private static final Duration TRICKLE = Duration.ofMillis(100);

    private static final Duration IDLE = Duration.ofMinutes(5);

    @Spec
    private CommandSpec spec;

    @Mixin
    private final StackTraceOption stackTrace = new StackTraceOption();

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000000",
            converter = PositiveConverter.class,
            description = "Events (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "50000",
            converter = PositiveConverter.class,
            description = "Users (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--items",
            paramLabel = "N",
            defaultValue = "1000",
            converter = PositiveConverter.class,
            description = "Items (default: ${DEFAULT-VALUE}).")
    private int items;

    @Option(names = "--short", description = "Run only one kill of each kind and one rescaling.")
    private boolean brief;

    @Option(names = "--small-model", description = "Use a model of hidden size 8 instead of 64.")
    private boolean smallModel;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Option(names = "--jar", paramLabel = "FILE", required = true, description = "The job's jar.")
    private Path jar;

    @Option(names = "--libraries", paramLabel = "DIR", required = true, description = "Flink's jars.")
    private Path libraries;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            required = true,
            description = "Directory for all files of the run.")
    private Path directory;

    /** The number of events that may be sent so far: each wait raises it, so that none of them takes a later step's. */
    private volatile int allowed;

    /** Runs it and ends the JVM with the exit code. */
    public static void main(String[] args) {
        Program.prepare();
        System.exit(run(args));
    }

    /** Runs it and returns the exit code. */
    static int run(String... args) {
        ClusterRun run = new ClusterRun();
        return Program.execute(new CommandLine(run), new Failures(run.stackTrace), args);
    }

    @Override
    public Integer call() throws Exception {
        directory = directory.toAbsolutePath();
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new UserFacingException(directory + " is not empty: name a new directory");
            }
        }
        line("seed " + seed.value() + ", " + events + " events of " + users + " users, " + items + " items");
        EventLog log = EventLog.of(events, users, items, seed.value());
        Path csv = directory.resolve("events.csv");
        log.write(csv);
        int[] eventsOf = log.eventsOf();
        Path first = model("model-1", seed.value());
        Path second = model("model-2", seed.value() + 1);
        Lists[] references = {
            reference("one-process-1", first, csv, eventsOf), reference("one-process-2", second, csv, eventsOf)
        };
        Lists lists = new Lists(eventsOf, K);
        int ahead = Math.max(100, events / AHEAD);
        try (BrokerProcess broker = new BrokerProcess(directory);
                ClusterProcesses cluster = new ClusterProcesses(directory, libraries.toAbsolutePath())) {
            broker.start();
            broker.createTopic("events", PARTITIONS);
            broker.createTopic("lists", PARTITIONS);
            cluster.start();
            FutureTask<Void> sent = new FutureTask<>(() -> {
                log.send(broker.address(), "events", () -> Math.min(allowed, lists.count() + ahead));
                return null;
            });
            Thread.ofPlatform().daemon().name("events").start(sent);
            try (ListReader reader = new ListReader(broker.address(), "lists", PARTITIONS, lists)) {
                new Scenario(broker, cluster, reader, references[1].latestVersion(), ahead).run(first, second);
                sent.get();
            }
        }
        int[] by = lists.compare(references, TOLERANCE);
        line("each of " + lists.count() + " events has one list; " + by[0] + " by the first model and " + by[1]
                + " by the second, all equal to those of one process");
        return 0;
    }

    private Path model(String name, long modelSeed) throws Exception {
        TttConfig config = smallModel ? TestModels.small() : TttConfig.defaults();
        TrainedModel model = TestModels.of(config, items, modelSeed, smallModel ? 8 : 50);
        Path target = directory.resolve(name);
        model.save(target);
        return target;
    }

    /** Runs the same events through the job in one process and returns its lists. */
    private Lists reference(String name, Path model, Path csv, int[] eventsOf)
            throws IOException, InterruptedException {
        Path out = directory.resolve(name);
        long start = System.nanoTime();
        try (JavaProcess process = new JavaProcess(
                List.of(
                        "-Xmx2g",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dttt4rec.home=" + directory,
                        "-cp",
                        jar.toAbsolutePath() + File.pathSeparator + libraries.toAbsolutePath() + "/*",
                        Main.class.getName(),
                        "stream",
                        "--model",
                        model.toString(),
                        "--events",
                        csv.toString(),
                        "--out",
                        out.toString(),
                        "-k",
                        Integer.toString(K)),
                Map.of(),
                directory.resolve(name + ".log"))) {
            process.start();
            process.await(Duration.ofMinutes(60));
        }
        Lists lists = new Lists(eventsOf, K);
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.sorted().toList()) {
                try (BufferedReader reader = Files.newBufferedReader(file)) {
                    reader.lines().forEach(lists::add);
                }
            }
        }
        line(Text.format("one process, %s: %d lists in %.1f s", model.getFileName(), lists.count(), seconds(start)));
        return lists;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void line(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    /** Runs the steps on the cluster, each when enough lists have arrived. */
    private final class Scenario {
        private final BrokerProcess broker;
        private final ClusterProcesses cluster;
        private final ListReader reader;
        private final Path current = directory.resolve("current-model");
        private final String secondVersion;
        private final int ahead;
        private String job = "";

        private Scenario(
                BrokerProcess broker, ClusterProcesses cluster, ListReader reader, String secondVersion, int ahead) {
            this.secondVersion = secondVersion;
            this.ahead = ahead;
            this.broker = broker;
            this.cluster = cluster;
            this.reader = reader;
        }

        private void run(Path first, Path second) throws Exception {
            link(first);
            long start = System.nanoTime();
            job = submit(jar.toAbsolutePath(), 2, List.of());
            line("parallelism 2");
            awaitShare(0.05);
            kill("a TaskManager", () -> cluster.killTaskManager(0));
            awaitShare(0.2);
            kill("the JobManager", cluster::killJobManager);
            awaitShare(0.3);
            kill("the broker", () -> {
                broker.kill();
                broker.start();
            });
            awaitShare(0.4);
            Path upgraded = Files.copy(jar, directory.resolve("upgraded.jar"), StandardCopyOption.REPLACE_EXISTING);
            rescale(4, upgraded);
            awaitShare(0.5);
            long swap = System.nanoTime();
            link(second);
            while (!reader.latestVersion().equals(secondVersion)) {
                if (reader.count() == events && !reader.latestVersion().equals(secondVersion)) {
                    throw new IllegalStateException("the job did not notice the new model before its last event");
                }
                awaitCount(Math.min(events, reader.count() + 1), 0);
                Thread.sleep(TRICKLE);
            }
            line(Text.format("model replaced while the job runs; its first lists after %.1f s", seconds(swap)));
            if (!brief) {
                awaitShare(0.6);
                kill("a TaskManager and the JobManager", () -> {
                    cluster.killTaskManager(1);
                    cluster.killJobManager();
                });
                awaitShare(0.7);
                kill("the broker and a TaskManager", () -> {
                    broker.kill();
                    cluster.killTaskManager(0);
                    broker.start();
                });
                awaitShare(0.8);
                rescale(1, upgraded);
                awaitShare(0.9);
                kill("both TaskManagers", () -> {
                    cluster.killTaskManager(0);
                    cluster.killTaskManager(1);
                });
            }
            awaitShare(1);
            double seconds = seconds(start);
            double cpu = cluster.cpuTime().toMillis() / 1000.0;
            line(Text.format(
                    "%d events in %.1f s with all kills and restarts (%.0f/s), %.1f s of CPU in the TaskManagers (%.0f"
                            + " events/s and core)",
                    events, seconds, events / seconds, cpu, events / cpu));
            Path last = cluster.stop(job, directory.resolve("savepoints"));
            line(Text.format("state of %d users: %.1f MB", users, size(last) / 1e6));
        }

        /** Points the job's model at {@code model} as an operator would: by moving a new link over the old one. */
        private void link(Path model) throws IOException {
            Path fresh = directory.resolve("current-model.new");
            Files.createSymbolicLink(fresh, model);
            Files.move(fresh, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        private String submit(Path program, int parallelism, List<String> from) throws Exception {
            List<String> words = new ArrayList<>(List.of("-p", Integer.toString(parallelism)));
            words.addAll(from);
            words.addAll(List.of(
                    program.toString(),
                    "stream",
                    "--model",
                    current.toString(),
                    "--brokers",
                    broker.address(),
                    "--events-topic",
                    "events",
                    "--out-topic",
                    "lists",
                    "-k",
                    Integer.toString(K),
                    "--checkpoints",
                    directory.resolve("checkpoints").toString(),
                    "--checkpoint-every",
                    brief ? "1s" : "2s",
                    "--state",
                    "rocksdb"));
            return cluster.submit(words);
        }

        private void rescale(int parallelism, Path program) throws Exception {
            long start = System.nanoTime();
            Path savepoint = cluster.stop(job, directory.resolve("savepoints"));
            double stopped = seconds(start);
            int before = reader.count();
            job = submit(program, parallelism, List.of("-s", savepoint.toUri().toString()));
            awaitCount(Math.min(events, before + 1));
            line(Text.format(
                    "savepoint of %.1f MB in %.1f s, then %s at parallelism %d; lists again after %.1f s",
                    size(savepoint) / 1e6, stopped, program.getFileName(), parallelism, seconds(start)));
        }

        private void kill(String what, Action action) throws Exception {
            long start = System.nanoTime();
            action.run();
            int before = reader.count();
            awaitMore(start);
            line(Text.format("killed %s after %d lists; lists again after %.1f s", what, before, seconds(start)));
        }

        /**
         * Waits for lists that arrive more than a second after {@code start}; those in flight at {@code start} have
         * arrived by then.
         */
        private void awaitMore(long start) throws InterruptedException {
            while (seconds(start) < 1) {
                Thread.sleep(20);
            }
            int before = reader.count();
            awaitCount(Math.min(events, before + 1));
        }

        private void awaitShare(double share) throws InterruptedException {
            awaitCount((int) Math.min(events, Math.ceil(share * events)));
        }

        private void awaitCount(int wanted) throws InterruptedException {
            awaitCount(wanted, ahead);
        }

        /** Waits for {@code wanted} lists, and allows {@code more} events to be sent beyond them. */
        private void awaitCount(int wanted, int more) throws InterruptedException {
            allowed = Math.max(allowed, wanted + more);
            long start = System.nanoTime();
            while (reader.count() < wanted) {
                if (System.nanoTime() - Math.max(start, reader.lastArrival()) > IDLE.toNanos()) {
                    throw new IllegalStateException(
                            "no lists for " + IDLE + "; " + reader.count() + " of " + events + " so far");
                }
                Thread.sleep(20);
            }
        }

        private static long size(Path directory) throws IOException {
            try (Stream<Path> files = Files.walk(directory)) {
                return files.filter(Files::isRegularFile)
                        .mapToLong(file -> file.toFile().length())
                        .sum();
            }
        }
    }

    private interface Action {
        void run() throws Exception;
    }
}
