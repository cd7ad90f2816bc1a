package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.benchmarks.chaos.ServerProcess.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Causes faults in a server and checks what it does meanwhile. */
final class Faults {
    private static final String HALF = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Len";

    private final SplittableRandom random;
    private final Path directory;
    private final SmallDisk disk;
    private final ServerProcess server;
    private final Client client;
    private final Workload workload;
    private final MalformedRequests requests;
    private final Findings findings;
    private final Optional<Path> fakeTime;

    /**
     * Creates faults.
     *
     * @param directory has the models; receives copies of files while they are damaged
     * @param disk has the server's state
     */
    Faults(
            SplittableRandom random,
            Path directory,
            SmallDisk disk,
            ServerProcess server,
            Client client,
            Workload workload,
            MalformedRequests requests,
            Findings findings)
            throws IOException {
        this.random = random;
        this.directory = directory;
        this.disk = disk;
        this.server = server;
        this.client = client;
        this.workload = workload;
        this.requests = requests;
        this.findings = findings;
        fakeTime = fakeTime();
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

    /** Returns the faults that this machine does not allow, with the reason. */
    Map<Fault, String> impossible() {
        Map<Fault, String> impossible = new EnumMap<>(Fault.class);
        if (!disk.isMounted()) {
            impossible.put(Fault.FULL_DISK, "mounting a small file system needs root");
            impossible.put(Fault.READ_ONLY, "mounting a small file system needs root");
        }
        if (!Commands.run("strace", "-V")) {
            impossible.put(Fault.FAILING_DISK, "strace is not installed");
        }
        if (fakeTime.isEmpty()) {
            impossible.put(Fault.CLOCK, "libfaketime is not installed");
        }
        return impossible;
    }

    /** Causes a fault in the running server, which may end. */
    void cause(Fault fault) {
        switch (fault) {
            case KILL -> server.kill();
            case STOP -> {
                int code = server.stop();
                if (code != 0) {
                    findings.wrong("SIGTERM ended it with " + code);
                }
            }
            case FREEZE -> {
                server.signal("STOP");
                Workload.pause(500 + random.nextInt(2500));
                server.signal("CONT");
            }
            case SLOW_CLIENTS -> crowd(300);
            case FEW_DESCRIPTORS -> {
                server.stop();
                server.start(client, Way.USUAL.withDescriptors(256), findings::wrong);
                crowd(400);
                server.stop();
                server.start(client, Way.USUAL, findings::wrong);
            }
            case LARGE_BODIES -> {
                largeBodies();
                if (!server.isAlive()) {
                    findings.wrong("large bodies ended it: " + server.lastWords());
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
            case FUZZ -> requests.send("HTTP", server.uri("http"), null, 100);
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
                Workload.pause(heard ? 0 : 25);
            }
            if (!heard) {
                findings.wrong("deaf with " + count + " slow connections");
            }
            findings.noteTime(begun);
        }
        sockets.forEach(Faults::close);
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
        Path filler = disk.fill();
        workload.append(workload.user(0), "i1", "full-" + random.nextLong());
        if (client.get("/v1/users/nobody/recommendations?k=3").status() != 200) {
            findings.wrong("no lists on a full disk");
        }
        Workload.pause(random.nextInt(500));
        SmallDisk.delete(filler);
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
            Workload.pause(200 + random.nextInt(300));
            workload.append(workload.user(0), "i1", "eio-" + random.nextLong());
            if (client.get("/v1/users/nobody/recommendations?k=3").status() != 200) {
                findings.wrong("no lists while the disk fails");
            }
            Workload.pause(random.nextInt(500));
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
            findings.wrong("a heap of 144 MB is refused: " + server.lastWords());
            return;
        }
        largeBodies();
        OptionalInt code = server.exitCode(Duration.ofMillis(200));
        if (code.isPresent() && code.getAsInt() != Way.OUT_OF_MEMORY) {
            findings.wrong("with a small heap it ended with " + code.getAsInt() + ": " + server.lastWords());
        }
        if (code.isEmpty() && client.get("/health/live").status() != 200) {
            findings.wrong("with a small heap it is alive and deaf");
        }
        server.stop();
        server.start(client, Way.USUAL, findings::wrong);
    }

    /** A jump of the clock must not make the server forget users, nor change the order of events. */
    private void clock() {
        Path time = directory.resolve("time");
        server.stop();
        try {
            Files.writeString(time, "+0");
            server.start(
                    client,
                    Way.USUAL
                            .withEnvironment(Map.of(
                                    "LD_PRELOAD",
                                    fakeTime.orElseThrow().toString(),
                                    "FAKETIME_TIMESTAMP_FILE",
                                    time.toString(),
                                    "FAKETIME_CACHE_DURATION",
                                    "1",
                                    "DONT_FAKE_MONOTONIC",
                                    "1"))
                            .withOptions("--user-ttl", "30d"),
                    findings::wrong);
            for (String offset : List.of("+365d", "-365d", "+0")) {
                Files.writeString(time, offset);
                Workload.pause(1500); // libfaketime reads the file once per second
                workload.append(workload.user(0), "i1", "clock-" + random.nextLong());
                workload.compare();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.stop();
        server.start(client, Way.USUAL, findings::wrong);
    }

    private void readOnly() {
        disk.setWritable(false);
        workload.append(workload.user(0), "i1", "ro-" + random.nextLong());
        Workload.pause(random.nextInt(300));
        disk.setWritable(true);
    }

    /**
     * Damages a file after a kill. The server must start, or refuse to with one line. Restores the files afterwards.
     */
    private void damaged(Path file, boolean byByte) {
        server.kill();
        Path kept = directory.resolve("kept");
        disk.saveTo(kept);
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
            findings.wrong("alive and deaf with a damaged file");
        }
        server.kill();
        disk.restoreFrom(kept);
    }

    /** Intact users must be unchanged, or lack their latest events if the log was damaged; damaged users get 503. */
    private void lookAtDamage() {
        for (String user : workload.ledger().users()) {
            Client.Answer answer = client.get("/v1/users/" + user + "?limit=1000");
            if (answer.status() != 200 && answer.status() != 404 && answer.status() != 503) {
                findings.wrong("a damaged file gives " + answer);
            }
        }
        if (!client.isReady()) {
            findings.wrong("damage made it unready: " + client.get("/health").body());
        }
    }

    private void swap(String model) {
        Client.Answer answer = client.post("/v1/model", "{\"directory\":\"" + model + "\"}");
        if (answer.status() != 200) {
            findings.wrong("a swap gives " + answer);
        }
    }

    private void damagedModel() {
        Path bad = directory.resolve("models/bad");
        SmallDisk.copyAll(directory.resolve("models/second"), bad);
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
            findings.wrong("a damaged model gives " + answer);
        }
        swap("first");
    }

    /** The server must acknowledge nothing more, and exit. Restores the file afterwards. */
    private void deletedDatabase() {
        server.stop();
        Path kept = directory.resolve("kept");
        disk.saveTo(kept);
        server.start(client, Way.USUAL, findings::wrong);
        SmallDisk.delete(server.state());
        if (client.append(workload.user(0), "i1", "deleted-" + random.nextLong())
                .isPresent()) {
            findings.wrong("an event was acknowledged without a database");
        }
        for (int i = 0; i < 300 && server.isAlive(); i++) {
            Workload.pause(100);
        }
        if (server.isAlive()) {
            findings.wrong("alive without a database for 30 s");
        }
        server.kill();
        disk.restoreFrom(kept);
    }

    /** Forgets a generation of users, searches all files for one of them, and starts the next generation. */
    private void forget() {
        workload.nextGeneration();
        List<String> users = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (String user : workload.usersBefore()) {
            if (client.delete("/v1/users/" + user).status() == 204) {
                users.add(user);
                gone.addAll(workload.ledger().forget(user));
            }
        }
        for (int i = 0; i < 100; i++) {
            Workload.pause(200);
            if (client.get("/metrics").body().contains("ttt4rec_store_erasing 0.0")) {
                break;
            }
        }
        try (Stream<Path> files = Files.list(disk.root())) {
            for (Path file : files.toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                gone.stream()
                        .filter(content::contains)
                        .forEach(id -> findings.wrong(id + " is still in " + file.getFileName()));
                // An event in flight may have arrived after the deletion; the server then knows its user again.
                users.stream()
                        .filter(content::contains)
                        .filter(user -> client.get("/v1/users/" + user).status() == 404)
                        .forEach(user -> findings.wrong(user + " is still in " + file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
