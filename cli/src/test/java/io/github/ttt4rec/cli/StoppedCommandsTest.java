package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sends Ctrl-C and SIGTERM to commands that work on a store or on the models, and runs them again. */
class StoppedCommandsTest {
    private static final int MANY = 100_000;
    private static final int BATCH = 10_000;
    private static final long DAY_TWO = 1_600_100_000_000_000L;

    @TempDir
    private Path directory;

    @BeforeEach
    void requireSignals() {
        Signals.require();
    }

    private static Event event(int i) {
        return new Event("u" + i % 500, "item-" + i % 300, DAY_TWO + 1_000L * i, "order-" + i);
    }

    private Path largeStore() {
        Path state = directory.resolve("large.db");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            for (int from = 0; from < MANY; from += BATCH) {
                List<Event> batch = new ArrayList<>();
                for (int i = from; i < from + BATCH; i++) {
                    batch.add(event(i));
                }
                store.append(batch);
            }
        }
        return state;
    }

    private Process start(String... arguments) throws IOException {
        return new ProcessBuilder(Run.command(List.of(arguments)))
                .redirectError(directory.resolve("err").toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .start();
    }

    private void stopped(Process process, int exitCode) throws InterruptedException {
        boolean ended = process.waitFor(1, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("ended after the signal").isTrue();
        String err = new String(Run.bytes(directory.resolve("err")), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(err).isEqualTo(exitCode);
        assertThat(err).doesNotContain("Exception", "bug");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Waits until a file whose name begins so exists, while the process runs. */
    private void await(String start, Process process) throws IOException, InterruptedException {
        while (names().stream().noneMatch(name -> name.startsWith(start))) {
            assertThat(process.isAlive()).as("ended before it was stopped").isTrue();
            Thread.sleep(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void stoppedExportLeavesTheFileBeforeAndNothingElse(String signal, int exitCode)
            throws IOException, InterruptedException {
        String state = largeStore().toString();
        Path out = Run.write(directory.resolve("events.csv"), "before\n");
        Process process = start("export", "--state", state, "--out", out.toString());
        await(".events.csv.", process);
        Signals.send(signal, process);
        stopped(process, exitCode);
        assertThat(out).content().isEqualTo("before\n");
        assertThat(names()).noneMatch(name -> name.endsWith(".tmp"));
        assertThat(Run.of("export", "--state", state, "--out", out.toString())
                        .done()
                        .out())
                .contains("100,000 events");
        try (Stream<String> lines = Files.lines(out)) {
            assertThat(lines.count()).isEqualTo(MANY + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void stoppedImportIsRepeatedAndStoresEachEventOnce(String signal, int exitCode)
            throws IOException, InterruptedException {
        Path log = directory.resolve("log.csv");
        Run.of("export", "--state", largeStore().toString(), "--out", log.toString())
                .done();
        String state = directory.resolve("copy.db").toString();
        Process process = start("import", "--data", log.toString(), "--state", state);
        await("copy.db-wal", process);
        Signals.send(signal, process);
        stopped(process, exitCode);
        assertThat(Run.of("check", "--state", state).done().out()).doesNotContain("damaged");
        assertThat(Run.of("import", "--data", log.toString(), "--state", state)
                        .done()
                        .out())
                .contains("events of " + log + " stored");
        Path again = directory.resolve("again.csv");
        Run.of("export", "--state", state, "--out", again.toString()).done();
        assertThat(again).hasSameBinaryContentAs(log);
    }

    /** Trains and imports a log, and stores the events of a second day. */
    private void shop() {
        Path log = Run.log(directory, "events.csv", 60);
        List<String> train = new ArrayList<>(
                Run.trainArguments(log, directory.resolve("models/monday"), "--set", "epochs=2", "--no-test"));
        train.remove("--no-refit");
        Run.of(train.toArray(String[]::new)).done();
        Path state = directory.resolve("shop.db");
        Run.of("import", "--data", log.toString(), "--state", state.toString()).done();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 40 * 12; i++) {
            events.add(
                    new Event("v" + i / 12, "i" + (i + i / 12) % 20, DAY_TWO + 1_000_000L * (i % 12) + i / 12, null));
        }
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.append(events);
        }
    }

    private String[] retrain(String... more) {
        return Stream.concat(
                        Stream.of(
                                "retrain",
                                "--models",
                                directory.resolve("models").toString(),
                                "--state",
                                directory.resolve("shop.db").toString(),
                                "--threads",
                                "1"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private String served() {
        return ModelSeries.resolve(directory.resolve("models")).getFileName().toString();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void retrainingThatIsStoppedWhileItTrainsKeepsTheModelAndTheNextOneSucceeds(String signal, int exitCode)
            throws IOException, InterruptedException {
        shop();
        List<String> command = Run.command(List.of());
        command.set(command.indexOf(Main.class.getName()), InterruptedChild.class.getName());
        command.add("Step    trains a candidate");
        command.addAll(List.of(retrain()));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("err").toFile())
                .start();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("    1 ")) {
                    Signals.send(signal, process);
                }
            }
        }
        stopped(process, exitCode);
        assertThat(served()).isEqualTo("monday");
        assertThat(Run.of(retrain()).done().out()).contains("served now: ");
    }

    /** A server that accepts a connection and never answers. */
    private static final class SilentServer implements AutoCloseable {
        private final ServerSocket socket;

        SilentServer() throws IOException {
            socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void retrainingThatIsStoppedWhileItSwapsKeepsTheModelAndTheNextOneSucceeds(String signal, int exitCode)
            throws IOException, InterruptedException {
        shop();
        try (SilentServer server = new SilentServer()) {
            Process process = start(retrain("--url", server.url()));
            try (Socket connection = server.socket.accept()) {
                assertThat(connection.getInputStream().read()).isEqualTo('P');
                Signals.send(signal, process);
                stopped(process, exitCode);
            }
        }
        assertThat(served()).isEqualTo("monday");
        assertThat(Run.of(retrain()).done().out()).contains("served now: ");
        try (Stream<Path> models = Files.list(directory.resolve("models"))) {
            assertThat(models.filter(Files::isDirectory))
                    .as("the model of the stopped retraining is gone")
                    .hasSize(2);
        }
        assertThat(TrainedModel.load(ModelSeries.resolve(directory.resolve("models")))
                        .version())
                .isNotEmpty();
    }

    @Test
    void rollbackThatIsStoppedWhileItSwapsKeepsTheModelAndTheNextOneSucceeds()
            throws IOException, InterruptedException {
        shop();
        Run.of(retrain()).done();
        String latest = served();
        String models = directory.resolve("models").toString();
        try (SilentServer server = new SilentServer()) {
            Process process = start("rollback", "--models", models, "--url", server.url());
            try (Socket connection = server.socket.accept()) {
                assertThat(connection.getInputStream().read()).isEqualTo('P');
                Signals.send("INT", process);
                stopped(process, 130);
            }
        }
        assertThat(served()).isEqualTo(latest);
        assertThat(Run.of("rollback", "--models", models).done().out()).contains("served now: monday");
    }
}
