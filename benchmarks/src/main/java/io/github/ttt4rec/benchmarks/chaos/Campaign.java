package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.chaos.ServerProcess.Way;
import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A campaign of faults drawn from a seed. After each fault it compares the server's state with the events that the
 * server acknowledged.
 */
final class Campaign implements AutoCloseable {
    private static final int USERS = 24;
    private static final int ITEMS = 200;
    private static final int WRITERS = 4;
    private static final String HALF = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Len";

    private final SplittableRandom random;
    private final Path directory;
    private final Path small;
    private final Consumer<String> progress;
    private final ServerProcess server;
    private final Client client;
    private final Ledger ledger = new Ledger();
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
    private final Map<String, Map<String, Integer>> fuzzed = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<Event> unanswered = new ArrayList<>();
    private final Map<Fault, String> impossible = new EnumMap<>(Fault.class);
    private final boolean mounted;
    private final Optional<Path> fakeTime;
    private int sent;
    private int repeated;
    private int generation;
    private long longestMillis;
    private Fault current = Fault.KILL;

    /** An event without an acknowledgement: the server may or may not have stored it. */
    private record Event(String user, String item, String id) {}

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
        MadeUpModels.of(ITEMS).save(directory.resolve("models/first"));
        MadeUpModels.of(ITEMS + 50).save(directory.resolve("models/second"));
        small = Files.createDirectories(directory.resolve("small"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small.toString());
        if (!mounted) {
            impossible.put(Fault.FULL_DISK, "mounting a small file system needs root");
            impossible.put(Fault.READ_ONLY, "mounting a small file system needs root");
        }
        if (!run("strace", "-V")) {
            impossible.put(Fault.FAILING_DISK, "strace is not installed");
        }
        fakeTime = fakeTime();
        if (fakeTime.isEmpty()) {
            impossible.put(Fault.CLOCK, "libfaketime is not installed");
        }
        server = new ServerProcess(
                command, directory.resolve("models/first"), small.resolve("state.db"), directory.resolve("server.log"));
        client = new Client(server.uri("http"));
    }

    private static Optional<Path> fakeTime() throws IOException {
        Path libraries = Path.of("/usr/lib");
        if (!Files.isDirectory(libraries)) {
            return Optional.empty();
        }
        try (Stream<Path> places = Files.list(libraries)) {
            return places.map(place -> place.resolve("faketime/libfaketime.so.1"))
                    .filter(Files::exists)
                    .findFirst();
        }
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
            current = kill ? Fault.KILL : others.get(next);
            killsLeft -= kill ? 1 : 0;
            next += kill ? 0 : 1;
            if (!impossible.containsKey(current)) {
                round();
            }
        }
        fuzz(fuzz);
        compare();
        if (server.stop() != 0) {
            wrong("the server did not end with 0: " + server.lastWords());
        }
        return new Report(
                done,
                ledger.acknowledged(),
                repeated,
                fuzzed,
                longestMillis,
                impossible.entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue())
                        .toList(),
                List.copyOf(wrong));
    }

    private void round() {
        int before = wrong.size();
        load(2 + random.nextInt(6), this::fault);
        if (!server.isAlive()) {
            start(Way.USUAL);
        }
        repeat();
        compare();
        done.merge(current, 1, Integer::sum);
        progress.accept(current + ": " + ledger.size() + " events acknowledged"
                + (wrong.size() == before ? "" : ", WRONG: " + wrong.subList(before, wrong.size())));
    }

    private synchronized void wrong(String what) {
        wrong.add(current + ": " + what);
    }

    private void start(Way way) {
        if (!server.start(client, way)) {
            wrong("the server does not start: " + server.lastWords());
        }
    }

    /** Sends unacknowledged events again, as clients should. Each event must then be stored exactly once. */
    private void repeat() {
        List<Event> all;
        synchronized (unanswered) {
            all = List.copyOf(unanswered);
            unanswered.clear();
        }
        for (Event event : all) {
            repeated++;
            append(event.user, event.item, event.id);
        }
        synchronized (unanswered) {
            if (!unanswered.isEmpty()) {
                wrong(unanswered.size() + " events have no answer after the fault");
            }
        }
    }

    /** Sends events from several threads during a fault. */
    private void load(int eventsEach, Runnable fault) {
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = sent;
            sent += eventsEach;
            SplittableRandom own = random.split();
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < eventsEach; i++) {
                    append(user(own.nextInt(USERS)), "i" + own.nextInt(ITEMS), "event-" + (first + i) + "-x");
                }
            }));
        }
        pause(random.nextInt(60));
        fault.run();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(40));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                wrong("a client waited longer than 40 s");
            }
        }
    }

    private void append(String user, String item, String id) {
        ledger.sent(id);
        long begun = System.nanoTime();
        Optional<Long> position = client.append(user, item, id);
        noteTime(begun);
        if (position.isPresent()) {
            ledger.acknowledge(user, position.get(), new Ledger.Entry(id, item)).forEach(this::wrong);
        } else {
            synchronized (unanswered) {
                unanswered.add(new Event(user, item, id));
            }
        }
    }

    private void noteTime(long begun) {
        noteMillis((System.nanoTime() - begun) / 1_000_000);
    }

    private synchronized void noteMillis(long millis) {
        longestMillis = Math.max(longestMillis, millis);
        if (millis >= Client.PATIENCE.toMillis()) {
            wrong("a request took " + millis + " ms");
        }
    }

    private void compare() {
        for (int i = 0; i < 100 && !client.isReady(); i++) {
            pause(100);
        }
        if (!client.isReady()) {
            wrong("alive and not ready after 10 s: " + client.get("/health").body() + " " + server.lastWords());
            server.kill();
            start(Way.USUAL);
        }
        for (String user : ledger.users()) {
            Optional<List<Ledger.Stored>> stored = client.history(user);
            if (stored.isEmpty()) {
                wrong("no history of " + user + ": " + client.get("/v1/users/" + user));
            } else {
                ledger.compare(user, stored.get()).forEach(this::wrong);
            }
        }
        if (client.get("/v1/users/nobody/recommendations?k=3").status() != 200) {
            wrong("no list");
        }
    }

    private void fault() {
        switch (current) {
            case KILL -> server.kill();
            case STOP -> {
                int code = server.stop();
                if (code != 0) {
                    wrong("SIGTERM ended it with " + code);
                }
            }
            case FREEZE -> {
                server.signal("STOP");
                pause(500 + random.nextInt(2500));
                server.signal("CONT");
            }
            case SLOW_CLIENTS -> crowd(300);
            case FEW_DESCRIPTORS -> {
                server.stop();
                start(Way.USUAL.withDescriptors(256));
                crowd(400);
                server.stop();
                start(Way.USUAL);
            }
            case LARGE_BODIES -> {
                largeBodies();
                if (!server.isAlive()) {
                    wrong("large bodies ended it: " + server.lastWords());
                }
            }
            case FULL_DISK -> fullDisk();
            case READ_ONLY -> readOnly();
            case DAMAGED_DATABASE -> damaged(server.state(), true);
            case DAMAGED_LOG -> damaged(log(), true);
            case LOST_LOG -> damaged(log(), false);
            case FAILING_DISK -> failingDisk();
            case SMALL_HEAP -> smallHeap();
            case CLOCK -> clock();
            case SWAP -> swap("second");
            case DAMAGED_MODEL -> damagedModel();
            case DELETED_DATABASE -> deletedDatabase();
            case FORGET -> forget();
            case FUZZ -> fuzz("HTTP", server.uri("http"), null, 100);
        }
    }

    private Path log() {
        return server.state().resolveSibling("state.db-wal");
    }

    private void crowd(int count) {
        List<Socket> sockets = client.connections(count, random.nextBoolean() ? "" : HALF);
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            boolean heard = false;
            for (int attempt = 0; attempt < 20 && !heard; attempt++) { // A new connection may be refused for a moment.
                heard = client.get("/health/live").status() == 200;
                pause(heard ? 0 : 25);
            }
            if (!heard) {
                wrong("deaf with " + count + " slow connections");
            }
            noteTime(begun);
        }
        sockets.forEach(Campaign::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void largeBodies() {
        String body = "[" + "{},".repeat(340_000) + "{}]";
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            threads.add(Thread.ofVirtual().start(() -> client.post("/v1/recommendations", body)));
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void fullDisk() {
        Path filler = small.resolve("filler");
        run("dd", "if=/dev/zero", "of=" + filler, "bs=64k");
        append(user(0), "i1", "full-" + random.nextLong());
        if (client.get("/v1/users/nobody/recommendations?k=3").status() != 200) {
            wrong("no lists on a full disk");
        }
        pause(random.nextInt(500));
        delete(filler);
    }

    /**
     * All writes and flushes fail with EIO for a while. An event that is acknowledged during that time must be stored
     * afterwards.
     */
    private void failingDisk() {
        try {
            Process strace = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-qq",
                            "-o",
                            "/dev/null",
                            "-e",
                            "trace=fsync,fdatasync,pwrite64",
                            "-e",
                            "inject=fsync,fdatasync,pwrite64:error=EIO",
                            "-p",
                            String.valueOf(server.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            pause(200 + random.nextInt(300));
            append(user(0), "i1", "eio-" + random.nextLong());
            if (client.get("/v1/users/nobody/recommendations?k=3").status() != 200) {
                wrong("no lists while the disk fails");
            }
            pause(random.nextInt(500));
            strace.destroy();
            strace.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The smallest heap that the server accepts for its model and cache. */
    private void smallHeap() {
        server.stop();
        if (!server.start(client, Way.USUAL.withHeap(144))) {
            wrong("a heap of 144 MB is refused: " + server.lastWords());
            return;
        }
        largeBodies();
        OptionalInt code = server.exitCode(Duration.ofMillis(200));
        if (code.isPresent() && code.getAsInt() != Way.OUT_OF_MEMORY) {
            wrong("with a small heap it ended with " + code.getAsInt() + ": " + server.lastWords());
        }
        if (code.isEmpty() && client.get("/health/live").status() != 200) {
            wrong("with a small heap it is alive and deaf");
        }
        server.stop();
        start(Way.USUAL);
    }

    /** A jump of the clock must not make the server forget users, nor change the order of events. */
    private void clock() {
        Path time = directory.resolve("time");
        server.stop();
        try {
            Files.writeString(time, "+0");
            start(Way.USUAL
                    .withEnvironment(Map.of(
                            "LD_PRELOAD",
                            fakeTime.orElseThrow().toString(),
                            "FAKETIME_TIMESTAMP_FILE",
                            time.toString(),
                            "FAKETIME_CACHE_DURATION",
                            "1",
                            "DONT_FAKE_MONOTONIC",
                            "1"))
                    .withOptions("--user-ttl", "30d"));
            for (String offset : List.of("+365d", "-365d", "+0")) {
                Files.writeString(time, offset);
                pause(1500); // libfaketime reads the file once per second
                append(user(0), "i1", "clock-" + random.nextLong());
                compare();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.stop();
        start(Way.USUAL);
    }

    private void readOnly() {
        run("mount", "-o", "remount,ro", small.toString());
        append(user(0), "i1", "ro-" + random.nextLong());
        pause(random.nextInt(300));
        run("mount", "-o", "remount,rw", small.toString());
    }

    /**
     * Damages a file after a kill. The server must start, or refuse to with one line. Restores the files afterwards.
     */
    private void damaged(Path file, boolean byByte) {
        server.kill();
        Path kept = directory.resolve("kept");
        copyAll(small, kept);
        try {
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            if (bytes.length > 0) {
                if (byByte) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
                    Files.write(file, bytes);
                } else {
                    Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean started = server.start(client, Way.USUAL);
        if (started) {
            lookAtDamage();
        } else if (server.isAlive()) {
            wrong("alive and deaf with a damaged file");
        }
        server.kill();
        copyAll(kept, small);
    }

    /** Intact users must be unchanged, or lack their latest events if the log was damaged; damaged users get 503. */
    private void lookAtDamage() {
        for (String user : ledger.users()) {
            Client.Answer answer = client.get("/v1/users/" + user + "?limit=1000");
            if (answer.status() != 200 && answer.status() != 404 && answer.status() != 503) {
                wrong("a damaged file gives " + answer);
            }
        }
        if (!client.isReady()) {
            wrong("damage made it unready: " + client.get("/health").body());
        }
    }

    private void swap(String model) {
        Client.Answer answer = client.post("/v1/model", "{\"directory\":\"" + model + "\"}");
        if (answer.status() != 200) {
            wrong("a swap gives " + answer);
        }
    }

    private void damagedModel() {
        Path bad = directory.resolve("models/bad");
        copyAll(directory.resolve("models/second"), bad);
        try (Stream<Path> files = Files.list(bad)) {
            List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
            Path file = all.get(random.nextInt(all.size()));
            byte[] bytes = Files.readAllBytes(file);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Client.Answer answer = client.post("/v1/model", "{\"directory\":\"bad\"}");
        if (answer.status() != 422 && answer.status() != 200) {
            wrong("a damaged model gives " + answer);
        }
        swap("first");
    }

    /** The server must acknowledge nothing more, and exit. Restores the file afterwards. */
    private void deletedDatabase() {
        server.stop();
        Path kept = directory.resolve("kept");
        copyAll(small, kept);
        start(Way.USUAL);
        delete(server.state());
        if (client.append(user(0), "i1", "deleted-" + random.nextLong()).isPresent()) {
            wrong("an event was acknowledged without a database");
        }
        for (int i = 0; i < 300 && server.isAlive(); i++) {
            pause(100);
        }
        if (server.isAlive()) {
            wrong("alive without a database for 30 s");
        }
        server.kill();
        copyAll(kept, small);
    }

    /** Returns the id of a user of the current generation. No id is a prefix of another. */
    private String user(int number) {
        return "g" + generation + "u" + number + "-";
    }

    /** Forgets a generation of users, searches all files for one of them, and starts the next generation. */
    private void forget() {
        generation++;
        synchronized (unanswered) {
            unanswered.clear(); // they belong to users who will be forgotten
        }
        List<String> users = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (String user : ledger.users()) {
            if (user.startsWith("g" + generation + "u")) {
                continue;
            }
            if (client.delete("/v1/users/" + user).status() == 204) {
                users.add(user);
                gone.addAll(ledger.forget(user));
            }
        }
        for (int i = 0; i < 100; i++) {
            pause(200);
            if (client.get("/metrics").body().contains("ttt4rec_store_erasing 0.0")) {
                break;
            }
        }
        try (Stream<Path> files = Files.list(small)) {
            for (Path file : files.toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                gone.stream().filter(content::contains).forEach(id -> wrong(id + " is still in " + file.getFileName()));
                // An event in flight may have arrived after the deletion; the server then knows its user again.
                users.stream()
                        .filter(content::contains)
                        .filter(user -> client.get("/v1/users/" + user).status() == 404)
                        .forEach(user -> wrong(user + " is still in " + file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends malformed requests over plain HTTP and over TLS, to servers that wait only one second for the rest of a
     * request.
     */
    private void fuzz(int requests) throws IOException {
        current = Fault.FUZZ;
        String[] brief = {"--request-timeout", "1s", "--idle-timeout", "1s"};
        server.stop();
        start(Way.USUAL.withOptions(brief));
        fuzz("HTTP", server.uri("http"), null, requests - requests / 2);
        server.stop();
        Certificate certificate = Certificate.in(directory);
        try (Client secure = new Client(server.uri("https"), certificate.trust())) {
            List<String> options = new ArrayList<>(List.of(brief));
            options.addAll(List.of(
                    "--tls-cert", certificate.certificate().toString(),
                    "--tls-key", certificate.key().toString()));
            if (!server.start(secure, Way.USUAL.withOptions(options.toArray(String[]::new)))) {
                wrong("the server does not start with TLS: " + server.lastWords());
            }
            fuzz("TLS", server.uri("https"), certificate.trust(), requests / 2);
            if (!secure.isReady()) {
                wrong("not ready after odd requests over TLS: " + server.lastWords());
            }
        }
        server.stop();
        start(Way.USUAL);
    }

    private void fuzz(String kind, URI uri, @Nullable SSLContext trust, int requests) {
        Fuzz fuzz = new Fuzz(random.split(), uri, trust);
        fuzz.send(requests);
        Map<String, Integer> all = fuzzed.computeIfAbsent(kind, any -> new TreeMap<>());
        fuzz.answers().forEach((answer, count) -> all.merge(answer, count, Integer::sum));
        fuzz.wrong().forEach(this::wrong);
        noteMillis(fuzz.longestMillis());
        if (!server.isAlive()) {
            wrong("an odd request ended it: " + server.lastWords());
            start(Way.USUAL);
        }
    }

    private static void copyAll(Path from, Path to) {
        try {
            Files.createDirectories(to);
            try (Stream<Path> old = Files.list(to)) {
                for (Path file : old.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean run(String... words) {
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        client.close();
        if (mounted) {
            run("umount", small.toString());
        }
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
