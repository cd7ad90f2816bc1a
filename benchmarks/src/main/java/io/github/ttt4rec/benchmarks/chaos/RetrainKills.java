package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.benchmarks.option.Program;
import io.github.ttt4rec.io.internal.ModelSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Kills retrainings and rollbacks at random moments while a server runs and learns from each event. */
final class RetrainKills {
    /** Every fourth kill hits a rollback, which is short. */
    private static final int ROLLBACK_EVERY = 4;
    /** Every third kill of a retraining hits its last part, which fits, saves and swaps. */
    private static final int LATE_EVERY = 3;

    private static final double LATE = 0.7;
    private static final int EVENTS_PER_KILL = 5;
    private static final int OK = 200;

    private final Program program;
    private final Log log;
    private final Path out;
    private final Consumer<String> say;

    /**
     * A log to train on.
     *
     * @param data the file
     * @param fittedUntil the first model is trained on the events before this date
     * @param storedUntil the store has the events before this date
     * @param item one of its items
     * @param training options of train
     */
    record Log(Path data, String fittedUntil, String storedUntil, String item, List<String> training) {}

    /**
     * Prepares the kills.
     *
     * @param launcher the command that starts ttt4rec
     * @param out a new directory for models and store
     * @param say receives a line for each kill
     */
    RetrainKills(List<String> launcher, Log log, Path out, Consumer<String> say) {
        program = new Program(List.copyOf(launcher), out.resolve("commands.log"));
        this.log = log;
        this.out = out;
        this.say = say;
    }

    /**
     * Trains, serves and kills.
     *
     * @return the number of commands that had not ended when they were killed
     * @throws UserFacingException if something is wrong after a kill
     */
    int run(int kills, long seed) throws IOException, InterruptedException {
        Files.createDirectories(out);
        Path model = out.resolve("models").resolve("first");
        Path state = out.resolve("shop.db");
        List<String> train = new ArrayList<>(List.of(
                "train", "--data", log.data.toString(), "--before", log.fittedUntil, "--out", model.toString()));
        train.addAll(log.training);
        program.run(train);
        program.run(List.of(
                "import", "--data", log.data.toString(), "--before", log.storedUntil, "--state", state.toString()));
        try (ServerProcess server = new ServerProcess(program.launcher(), model, state, out.resolve("server.log"));
                Client client = new Client(server.uri("http"))) {
            if (!server.start(client, ServerProcess.Way.USUAL.withOptions("--live-catalogue", "each-event"))) {
                throw new UserFacingException("the server did not start: " + server.lastWords());
            }
            return kill(client, retrain(server), rollback(server), kills, new SplittableRandom(seed));
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
                log.fittedUntil,
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

    private int kill(Client client, List<String> retrain, List<String> rollback, int kills, SplittableRandom random)
            throws IOException, InterruptedException {
        long retrainMillis = timed(retrain);
        long rollbackMillis = timed(rollback);
        Map<String, Integer> acknowledged = new HashMap<>();
        int unfinished = 0;
        for (int kill = 1; kill <= kills; kill++) {
            boolean back = kill % ROLLBACK_EVERY == 0;
            double part = kill % LATE_EVERY == 0 ? LATE + (1 - LATE) * random.nextDouble() : random.nextDouble();
            long millis = (long) (part * (back ? rollbackMillis : retrainMillis));
            Process process = program.start(back ? rollback : retrain);
            boolean ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
            String user = "killed" + kill;
            for (int i = 0; i < EVENTS_PER_KILL; i++) {
                if (client.append(user, log.item, user + "-" + i).isPresent()) {
                    acknowledged.merge(user, 1, Integer::sum);
                }
            }
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            unfinished += ended ? 0 : 1;
            check(client, acknowledged, kill);
            // Reads every file of the model, and throws if one is missing or damaged.
            TrainedModel.load(ModelSeries.resolve(out.resolve("models")));
            say.accept((back ? "rollback" : "retrain") + " killed after " + millis + " ms"
                    + (ended ? " (it had ended)" : "") + ": "
                    + ModelSeries.resolve(out.resolve("models")).getFileName() + " is served, all events are there");
        }
        program.run(retrain);
        check(client, acknowledged, kills);
        return unfinished;
    }

    /** Returns the remaining directories of models. */
    long models() throws IOException {
        try (Stream<Path> entries = Files.list(out.resolve("models"))) {
            return entries.filter(Files::isDirectory).count();
        }
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
        program.run(words);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
}
