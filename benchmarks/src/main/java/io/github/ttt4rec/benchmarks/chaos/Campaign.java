package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.benchmarks.models.MadeUpModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
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
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One campaign: faults drawn from a seed, each followed by a comparison of the server's state with what it acknowledged. */
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
    private final List<String> wrong = new ArrayList<>();
    private final boolean mounted;
    private int sent;
    private int generation;
    private int fuzzed;
    private long longestMillis;
    private Fault current = Fault.KILL;

    /**
     * A campaign.
     *
     * @param launcher {@code ttt4rec}
     * @param directory an empty directory for models, state and log
     * @param progress takes a line for each fault
     */
    Campaign(Path launcher, Path directory, long seed, Consumer<String> progress) throws IOException {
        this.random = new SplittableRandom(seed);
        this.directory = directory;
        this.progress = progress;
        MadeUpModels.of(ITEMS).save(directory.resolve("models/first"));
        MadeUpModels.of(ITEMS + 50).save(directory.resolve("models/second"));
        small = Files.createDirectories(directory.resolve("small"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small.toString());
        server = new ServerProcess(
                launcher,
                directory.resolve("models/first"),
                small.resolve("state.db"),
                directory.resolve("server.log"));
        client = new Client(server.uri());
    }

    /** The result: what was done, and everything that was wrong. */
    record Report(
            Map<Fault, Integer> done,
            long acknowledged,
            int fuzzed,
            long longestMillis,
            boolean smallDisk,
            List<String> wrong) {}

    Report run(int faults, int kills, int fuzz) {
        start(0, List.of());
        List<Fault> others = new ArrayList<>(List.of(Fault.values()));
        others.removeAll(List.of(Fault.KILL, Fault.FUZZ));
        if (!mounted) {
            others.removeAll(List.of(Fault.FULL_DISK, Fault.READ_ONLY));
        }
        int allKills = kills;
        int allOthers = faults;
        while (allKills + allOthers > 0) {
            boolean kill = random.nextInt(allKills + allOthers) < allKills;
            current = kill ? Fault.KILL : others.get((faults - allOthers) % others.size());
            allKills -= kill ? 1 : 0;
            allOthers -= kill ? 0 : 1;
            round();
        }
        current = Fault.FUZZ;
        fuzz(fuzz);
        compare();
        if (server.stop() != 0) {
            wrong("the server did not end with 0: " + server.lastWords());
        }
        return new Report(done, ledger.size(), fuzzed, longestMillis, mounted, List.copyOf(wrong));
    }

    private void round() {
        int before = wrong.size();
        load(2 + random.nextInt(6), this::fault);
        if (!server.isAlive()) {
            start(0, List.of());
        }
        compare();
        done.merge(current, 1, Integer::sum);
        progress.accept(current + ": " + ledger.size() + " events acknowledged"
                + (wrong.size() == before ? "" : ", WRONG: " + wrong.subList(before, wrong.size())));
    }

    private void wrong(String what) {
        wrong.add(current + ": " + what);
    }

    private void start(int descriptors, List<String> more) {
        if (!server.start(client, descriptors, more)) {
            wrong("the server does not start: " + server.lastWords());
        }
    }

    /** Sends events from some threads, each of which repeats an event until it is acknowledged or the round ends. */
    private void load(int eventsEach, Runnable fault) {
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = sent;
            sent += eventsEach;
            SplittableRandom own = random.split();
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < eventsEach; i++) {
                    append(
                            "g" + generation + "u" + own.nextInt(USERS),
                            "i" + own.nextInt(ITEMS),
                            "event-" + (first + i) + "-x");
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
            synchronized (wrong) {
                ledger.acknowledge(user, position.get(), new Ledger.Entry(id, item))
                        .forEach(this::wrong);
            }
        }
    }

    private synchronized void noteTime(long begun) {
        longestMillis = Math.max(longestMillis, (System.nanoTime() - begun) / 1_000_000);
    }

    private void compare() {
        for (int i = 0; i < 100 && !client.isReady(); i++) {
            pause(100);
        }
        if (!client.isReady()) {
            wrong("alive and not ready after 10 s: " + client.get("/health").body() + " " + server.lastWords());
            server.kill();
            start(0, List.of());
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
                start(256, List.of());
                crowd(400);
                server.stop();
                start(0, List.of());
            }
            case LARGE_BODIES -> largeBodies();
            case FULL_DISK -> fullDisk();
            case READ_ONLY -> readOnly();
            case DAMAGED_DATABASE -> damaged(server.state(), true);
            case DAMAGED_LOG -> damaged(log(), true);
            case LOST_LOG -> damaged(log(), false);
            case SWAP -> swap("second");
            case DAMAGED_MODEL -> damagedModel();
            case DELETED_DATABASE -> deletedDatabase();
            case FORGET -> forget();
            case FUZZ -> fuzz(100);
        }
    }

    private Path log() {
        return server.state().resolveSibling("state.db-wal");
    }

    private void crowd(int count) {
        List<Socket> sockets = client.connections(count, random.nextBoolean() ? "" : HALF);
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            if (client.get("/health/live").status() != 200) {
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
        if (!server.isAlive()) {
            wrong("large bodies ended it: " + server.lastWords());
        }
    }

    private void fullDisk() {
        Path filler = small.resolve("filler");
        run("dd", "if=/dev/zero", "of=" + filler, "bs=64k");
        append("g" + generation + "u0", "i1", "full-" + random.nextLong());
        if (client.get("/v1/users/nobody/recommendations?k=3").status() != 200) {
            wrong("no lists on a full disk");
        }
        pause(random.nextInt(500));
        delete(filler);
    }

    private void readOnly() {
        run("mount", "-o", "remount,ro", small.toString());
        append("g" + generation + "u0", "i1", "ro-" + random.nextLong());
        pause(random.nextInt(300));
        run("mount", "-o", "remount,rw", small.toString());
    }

    /** After a kill a file is damaged; the server must start, or refuse in a line; then the files are put back. */
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
        boolean started = server.start(client, 0, List.of());
        if (started) {
            lookAtDamage();
        } else if (server.isAlive()) {
            wrong("alive and deaf with a damaged file");
        }
        server.kill();
        copyAll(kept, small);
    }

    /** Whole users are as they were, or shorter by lost events if the log was damaged; damaged ones get 503. */
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

    /** It must acknowledge nothing more, and end; then the file is put back. */
    private void deletedDatabase() {
        server.stop();
        Path kept = directory.resolve("kept");
        copyAll(small, kept);
        start(0, List.of());
        delete(server.state());
        if (client.append("g" + generation + "u0", "i1", "deleted-" + random.nextLong())
                .isPresent()) {
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

    /** A generation of users is forgotten, one of them is looked for in all files, and the next generation begins. */
    private void forget() {
        generation++;
        List<String> users = ledger.users();
        List<String> gone = new ArrayList<>();
        for (String user : users) {
            if (user.startsWith("g" + generation + "u")) {
                continue;
            }
            if (client.delete("/v1/users/" + user).status() == 204) {
                gone.add("\"" + user + "\"");
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
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fuzz(int requests) {
        Fuzz fuzz = new Fuzz(random.split(), server.uri());
        for (int i = 0; i < requests; i++) {
            long begun = System.nanoTime();
            fuzz.send().ifPresent(this::wrong);
            noteTime(begun);
            fuzzed++;
            if (!server.isAlive()) {
                wrong("a request ended it: " + server.lastWords());
                start(0, List.of());
            }
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
