package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.chaos.ServerProcess.Way;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A campaign of faults drawn from a seed. After each fault it compares the server's state with the events that the
 * server acknowledged.
 */
final class Campaign implements AutoCloseable {
    private final SplittableRandom random;
    private final Path directory;
    private final Consumer<String> progress;
    private final SmallDisk disk;
    private final ServerProcess server;
    private final Client client;
    private final Findings findings = new Findings();
    private final Workload workload;
    private final MalformedRequests requests;
    private final Faults faults;
    private final Map<Fault, String> impossible;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    /**
     * Creates a campaign.
     *
     * @param command see {@link ServerProcess}
     * @param directory an empty directory for models, state and log
     * @param progress receives a line for each fault
     */
    Campaign(List<String> command, Path directory, long seed, Consumer<String> progress) throws IOException {
        this.random = new SplittableRandom(seed);
        this.directory = directory;
        this.progress = progress;
        MadeUpModels.of(Workload.ITEMS).save(directory.resolve("models/first"));
        MadeUpModels.of(Workload.ITEMS + 50).save(directory.resolve("models/second"));
        disk = new SmallDisk(directory.resolve("small"));
        server = new ServerProcess(
                command,
                directory.resolve("models/first"),
                disk.root().resolve("state.db"),
                directory.resolve("server.log"));
        client = new Client(server.uri("http"));
        workload = new Workload(random, server, client, findings);
        requests = new MalformedRequests(random, directory, server, client, findings);
        faults = new Faults(random, directory, disk, server, client, workload, requests, findings);
        impossible = faults.impossible();
    }

    /**
     * The result of a campaign.
     *
     * @param done the number of faults by kind
     * @param acknowledged the total number of acknowledged events
     * @param repeated the number of events sent again after a fault because they had no acknowledgement
     * @param fuzzed the answers to malformed requests, by how they were sent
     * @param longestMillis the longest time of a request, in milliseconds
     * @param leftOut faults that this machine does not allow, with the reason
     * @param wrong all errors found
     */
    record Report(
            Map<Fault, Integer> done,
            long acknowledged,
            int repeated,
            Map<String, Map<String, Integer>> fuzzed,
            long longestMillis,
            List<String> leftOut,
            List<String> wrong) {}

    /**
     * Runs a campaign.
     *
     * @param kills the number of kills, at random places among the other faults
     * @param others the other faults, in order; those that this machine does not allow are left out
     * @param fuzz the number of malformed requests at the end
     */
    Report run(int kills, List<Fault> others, int fuzz) throws IOException {
        if (!server.start(client, Way.USUAL)) {
            throw new UserFacingException("the server does not start: " + server.lastWords());
        }
        int killsLeft = kills;
        int next = 0;
        while (killsLeft > 0 || next < others.size()) {
            boolean kill = random.nextInt(killsLeft + others.size() - next) < killsLeft;
            Fault fault = kill ? Fault.KILL : others.get(next);
            killsLeft -= kill ? 1 : 0;
            next += kill ? 0 : 1;
            if (!impossible.containsKey(fault)) {
                round(fault);
            }
        }
        requests.send(fuzz);
        workload.compare();
        if (server.stop() != 0) {
            findings.wrong("the server did not end with 0: " + server.lastWords());
        }
        return new Report(
                done,
                workload.ledger().acknowledged(),
                workload.repeated(),
                requests.answers(),
                findings.longestMillis(),
                impossible.entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue())
                        .toList(),
                findings.all());
    }

    private void round(Fault fault) {
        findings.begin(fault);
        int before = findings.all().size();
        workload.load(2 + random.nextInt(6), () -> faults.cause(fault));
        if (!server.isAlive()) {
            server.start(client, Way.USUAL, findings::wrong);
        }
        workload.repeat();
        workload.compare();
        done.merge(fault, 1, Integer::sum);
        List<String> wrong = findings.all();
        progress.accept(fault + ": " + workload.ledger().size() + " events acknowledged"
                + (wrong.size() == before ? "" : ", WRONG: " + wrong.subList(before, wrong.size())));
    }

    @Override
    public void close() throws IOException {
        server.close();
        client.close();
        disk.close();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
