package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.chaos.Client;
import io.github.ttt4rec.benchmarks.chaos.ServerProcess;
import io.github.ttt4rec.benchmarks.option.Checkout;
import io.github.ttt4rec.benchmarks.option.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A server of the bundled shop in a process of its own, for load tests. */
final class ShopServer implements AutoCloseable {
    private static final String FITTED_UNTIL = "2011-10-01";
    private static final String STORED_UNTIL = "2011-11-01";
    private static final int HEAP_MEGABYTES = 1024;
    private static final int USERS = 5_000;
    private static final int PRELOAD = 10;
    private static final int CONNECTIONS = 64;

    private static final String RETRAINING = "retraining: ";

    private final ServerProcess server;
    private final Client client;
    private final Path log;

    /**
     * Prepares a directory with a model and a store for servers.
     *
     * @param launcher the words that start ttt4rec
     * @param directory the directory
     */
    record Shop(List<String> launcher, Path directory) {
        /** Trains a model on the bundled shop's events before October 2011, and stores those before November. */
        static Shop create(Checkout checkout, Path directory) throws IOException, InterruptedException {
            Shop shop = new Shop(checkout.launcher(), directory);
            String data = checkout.shopLog().toString();
            shop.run(
                    "train",
                    "--data",
                    data,
                    "--before",
                    FITTED_UNTIL,
                    "--out",
                    directory.resolve("models").resolve("first").toString(),
                    "--set",
                    "epochs=1");
            shop.run(
                    "import",
                    "--data",
                    data,
                    "--before",
                    STORED_UNTIL,
                    "--state",
                    shop.state().toString());
            return shop;
        }

        Path state() {
            return directory.resolve("shop.db");
        }

        private void run(String... words) throws IOException, InterruptedException {
            new Program(launcher, directory.resolve("commands.log")).run(List.of(words));
        }
    }

    /** Starts a server with additional options of serve; throws {@link UserFacingException} if it does not start. */
    ShopServer(Shop shop, String... options) {
        log = shop.directory.resolve("server.log");
        server = new ServerProcess(
                shop.launcher, shop.directory.resolve("models").resolve("first"), shop.state(), log);
        client = new Client(server.uri("http"));
        if (!server.start(
                client, ServerProcess.Way.USUAL.withHeap(HEAP_MEGABYTES).withOptions(options))) {
            throw new UserFacingException("the server did not start: " + server.lastWords());
        }
    }

    /** Returns a load for this server. */
    LoadConfig load(double rate, Duration duration, Duration warmup, long seed) {
        return new LoadConfig(
                LoadTarget.parse(server.uri("http").toString()),
                null,
                rate,
                duration,
                warmup,
                USERS,
                0,
                0.25,
                10,
                true,
                PRELOAD,
                CONNECTIONS,
                Duration.ofSeconds(10),
                duration,
                seed,
                List.of());
    }

    /** The processor time that the server has taken, in seconds. */
    double processorSeconds() {
        return server.processorSeconds();
    }

    /** Returns whether a process that the server started, such as a retraining, is running. */
    boolean hasChild() {
        return ProcessHandle.of(server.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .anyMatch(ProcessHandle::isAlive);
    }

    /** Returns what a retraining in progress does, by the server's log; empty if none is running. */
    Optional<String> retrainingStep() throws IOException {
        if (!hasChild()) {
            return Optional.empty();
        }
        String last = "";
        for (String line : Files.readAllLines(log)) {
            int at = line.indexOf(RETRAINING);
            last = at < 0 ? last : line.substring(at + RETRAINING.length());
        }
        boolean ended = last.startsWith("kept ") || last.startsWith("served now");
        return Optional.of(last.isEmpty() || ended ? "starts" : last);
    }

    @Override
    public void close() {
        server.stop();
        server.close();
        client.close();
    }
}
