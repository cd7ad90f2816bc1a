package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.io.internal.ModelSeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills retrainings and rollbacks at random moments while a server runs. */
@Command(
        name = "retrain-kills",
        description = {
            "Train a model, serve it, and kill retrain and rollback commands for that server at random moments: while"
                    + " they read, train, compare, fit, save, swap and clean up.",
            "After each kill the server must return lists, the model named in served.json must load, and every"
                    + " acknowledged event must be stored. At the end, a retraining that is not killed must"
                    + " succeed."
        })
public final class RetrainKillsCommand implements Callable<Integer> {
    /** Every fourth kill hits a rollback, which is short. */
    private static final int ROLLBACK_EVERY = 4;
    /** Every third kill of a retraining hits its last part, which fits, saves and swaps. */
    private static final int LATE_EVERY = 3;

    private static final double LATE = 0.7;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int EVENTS_PER_KILL = 5;
    private static final int OK = 200;
    /**
     * The first model is trained on the events before the first date; the store has the events before the second date.
     */
    private static final String FITTED_UNTIL = "2011-02-01";

    private static final String STORED_UNTIL = "2011-02-15";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "30",
            description = "Number of commands to kill (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the random moments (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "New directory for models and store.")
    private Path out;

    private Path launcher = Path.of("ttt4rec");

    /** Called by picocli. */
    public RetrainKillsCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        String home = System.getProperty("ttt4rec.home");
        if (home == null) {
            throw new UserFacingException(
                    "start this by benchmarks/run retrain-kills, which passes the path of ttt4rec");
        }
        if (Files.exists(out)) {
            throw new UserFacingException(out + ": exists already; give a new directory");
        }
        launcher = Path.of(home, "ttt4rec");
        Files.createDirectories(out);
        String data = Path.of(home, "demo", "online-retail.csv.gz").toString();
        Path model = out.resolve("models").resolve("first");
        Path state = out.resolve("shop.db");
        finish(start(List.of(
                "train", "--data", data, "--before", FITTED_UNTIL, "--out", model.toString(), "--set", "epochs=1")));
        finish(start(List.of("import", "--data", data, "--before", STORED_UNTIL, "--state", state.toString())));
        try (ServerProcess server =
                        new ServerProcess(List.of(launcher.toString()), model, state, out.resolve("server.log"));
                Client client = new Client(server.uri("http"))) {
            if (!server.start(client, ServerProcess.Way.USUAL)) {
                throw new UserFacingException("the server did not start: " + server.lastWords());
            }
            return kill(client, retrain(server), rollback(server));
        }
    }

    private List<String> retrain(ServerProcess server) {
        return List.of(
                "retrain",
                "--models",
                out.resolve("models").toString(),
                "--state",
                out.resolve("shop.db").toString(),
                "--url",
                server.uri("http").toString(),
                "--fitted-until",
                FITTED_UNTIL,
                "--keep",
                "2");
    }

    private List<String> rollback(ServerProcess server) {
        return List.of(
                "rollback",
                "--models",
                out.resolve("models").toString(),
                "--url",
                server.uri("http").toString());
    }

    private int kill(Client client, List<String> retrain, List<String> rollback)
            throws IOException, InterruptedException {
        PrintWriter print = spec.commandLine().getOut();
        SplittableRandom random = new SplittableRandom(seed);
        long retrainMillis = timed(retrain);
        long rollbackMillis = timed(rollback);
        Map<String, Integer> acknowledged = new HashMap<>();
        int unfinished = 0;
        for (int kill = 1; kill <= kills; kill++) {
            boolean back = kill % ROLLBACK_EVERY == 0;
            double part = kill % LATE_EVERY == 0 ? LATE + (1 - LATE) * random.nextDouble() : random.nextDouble();
            long millis = (long) (part * (back ? rollbackMillis : retrainMillis));
            Process process = start(back ? rollback : retrain);
            boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
            String user = "killed" + kill;
            for (int i = 0; i < EVENTS_PER_KILL; i++) {
                if (client.append(user, "85123A", user + "-" + i).isPresent()) {
                    acknowledged.merge(user, 1, Integer::sum);
                }
            }
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            unfinished += ended ? 0 : 1;
            check(client, acknowledged, kill);
            // Reads every file of the model, and throws if one is missing or damaged.
            TrainedModel.load(ModelSeries.resolve(out.resolve("models")));
            print.println((back ? "rollback" : "retrain") + " killed after " + millis + " ms"
                    + (ended ? " (it had ended)" : "") + ": "
                    + ModelSeries.resolve(out.resolve("models")).getFileName() + " is served, all events are there");
            print.flush();
        }
        finish(start(retrain));
        check(client, acknowledged, kills);
        long left;
        try (Stream<Path> entries = Files.list(out.resolve("models"))) {
            left = entries.filter(Files::isDirectory).count();
        }
        print.println(kills + " kills, " + unfinished + " of them before the end, seed " + seed
                + ": the model was always complete, no event was lost, and the next retraining succeeded; " + left
                + " model directories are left");
        return 0;
    }

    private static void check(Client client, Map<String, Integer> acknowledged, int kill) {
        Client.Answer list = client.get("/v1/users/killed" + kill + "/recommendations?k=3");
        if (list.status() != OK) {
            throw new UserFacingException(
                    "kill " + kill + ": the server answered " + list.status() + " " + list.body());
        }
        acknowledged.forEach((user, events) -> {
            int stored = client.history(user).map(List::size).orElse(0);
            if (stored != events) {
                throw new UserFacingException(
                        "kill " + kill + ": " + stored + " of " + events + " events of user " + user + " are stored");
            }
        });
    }

    /** Returns the time of a command, which must succeed. */
    private long timed(List<String> words) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        finish(start(words));
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private Process start(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(words);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        out.resolve("commands.log").toFile()))
                .start();
    }

    private void finish(Process process) throws InterruptedException {
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new UserFacingException("a command that was not killed failed: see  " + out.resolve("commands.log"));
        }
    }
}
