package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.terminal.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Forgets a user at the end of each interval of a load. Then it searches the server's state file, and the files beside
 * it whose names begin like it, for the user's id, which the ids of the user's events contain. The user's events are
 * sent one interval earlier, so that they have reached the file.
 */
final class Erasures implements LoadListener, AutoCloseable {
    /** The limit that docs/operations.md promises. */
    private static final Duration PROMISE = Duration.ofMinutes(1);

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);
    private static final int EVENTS = 20;
    private static final int CHUNK = 1 << 20;

    private final LoadConfig config;
    private final Path state;
    private final LoadListener listener;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("erasures").factory());
    private final String run = Long.toHexString(System.nanoTime());
    private final List<Double> seconds = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int users;
    private @Nullable String item;

    /**
     * @param state the server's state file, on this machine
     * @param listener also receives all progress
     */
    Erasures(LoadConfig config, Path state, LoadListener listener) {
        this.config = config;
        this.state = state.toAbsolutePath();
        this.listener = listener;
    }

    @Override
    public void connected(ServerView server) {
        listener.connected(server);
    }

    @Override
    public void preloading(long all) {
        listener.preloading(all);
    }

    @Override
    public void warmingUp(double seconds) {
        listener.warmingUp(seconds);
    }

    @Override
    public void interval(LoadResult.Interval interval) {
        listener.interval(interval);
        worker.execute(this::forgetAndFollow);
    }

    /** Forgets the user of the previous interval, and sends the events of the next user. */
    private void forgetAndFollow() {
        try (HttpConnection connection = new HttpConnection(config.target())) {
            if (users > 0) {
                forget(connection, name(users));
            }
            users++;
            follow(connection, name(users));
        } catch (IOException e) {
            note(name(users) + ": " + e.getMessage());
        }
    }

    private String name(int user) {
        return "forget-" + run + "-" + user + "-";
    }

    private void follow(HttpConnection connection, String user) throws IOException {
        StringBuilder body = new StringBuilder("[");
        for (int i = 0; i < EVENTS; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"user\":\"")
                    .append(user)
                    .append("\",\"item\":")
                    .append(item(connection))
                    .append(",\"event_id\":\"")
                    .append(user)
                    .append(i)
                    .append("\"}");
        }
        expect(
                user,
                200,
                send(connection, Requests.post(config, body.append(']').toString())));
    }

    private String item(HttpConnection connection) throws IOException {
        String known = item;
        if (known == null) {
            known = Requests.firstItem(
                    send(connection, Requests.get(config, "/v1/items?limit=1")).body());
            item = known;
        }
        return known;
    }

    private void forget(HttpConnection connection, String user) throws IOException {
        expect(user, 204, send(connection, Requests.delete(config, "/v1/users/" + user)));
        long begun = System.nanoTime();
        byte[] needle = user.getBytes(StandardCharsets.UTF_8);
        while (true) {
            @Nullable Path holder = holder(needle);
            double passed = (System.nanoTime() - begun) / 1e9;
            if (holder == null) {
                synchronized (this) {
                    seconds.add(passed);
                }
                return;
            }
            if (passed > PROMISE.toSeconds()) {
                note(user + " is in " + holder.getFileName() + " a minute after it was forgotten");
                return;
            }
            sleep();
        }
    }

    private static void sleep() throws IOException {
        try {
            Thread.sleep(POLL_INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private HttpReply send(HttpConnection connection, byte[] request) throws IOException {
        return connection.exchange(request, (int) config.timeout().toMillis());
    }

    private void expect(String user, int status, HttpReply reply) {
        if (reply.status() != status) {
            note(user + ": answered " + reply.status() + ": " + reply.body());
        }
    }

    private synchronized void note(String fault) {
        wrong.add(fault);
    }

    /** Returns a file that contains the bytes; null if none does. */
    private @Nullable Path holder(byte[] needle) throws IOException {
        Path directory = state.getParent();
        String prefix = state.getFileName().toString();
        try (Stream<Path> files = Files.list(directory == null ? Path.of(".") : directory)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith(prefix) && holds(file, needle)) {
                    return file;
                }
            }
        }
        return null;
    }

    /** Returns whether a file contains the bytes; a file that no longer exists contains none. */
    static boolean holds(Path file, byte[] needle) throws IOException {
        byte[] chunk = new byte[CHUNK + needle.length];
        int kept = 0; // Bytes of the previous chunk, in which a match may begin.
        try (var in = Files.newInputStream(file)) {
            while (true) {
                int read = in.readNBytes(chunk, kept, CHUNK);
                int end = kept + read;
                if (contains(chunk, end, needle)) {
                    return true;
                }
                if (read < CHUNK) {
                    return false;
                }
                kept = Math.min(end, needle.length - 1);
                System.arraycopy(chunk, end - kept, chunk, 0, kept);
            }
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean contains(byte[] chunk, int end, byte[] needle) {
        for (int i = 0; i + needle.length <= end; i++) {
            int matched = 0;
            while (matched < needle.length && chunk[i + matched] == needle[matched]) {
                matched++;
            }
            if (matched == needle.length) {
                return true;
            }
        }
        return false;
    }

    /** Waits for the current erasure and returns the result as one line. */
    String report() throws InterruptedException {
        worker.shutdown();
        if (!worker.awaitTermination(2 * PROMISE.toSeconds(), TimeUnit.SECONDS)) {
            note("the erasure of the last user did not end");
        }
        synchronized (this) {
            String times = seconds.isEmpty()
                    ? "none"
                    : Text.format(
                            "%d users; no trace of their ids in the files after %.1f s at most",
                            seconds.size(),
                            seconds.stream()
                                    .mapToDouble(Double::doubleValue)
                                    .max()
                                    .orElseThrow());
            return wrong.isEmpty() ? times : times + "; WRONG: " + String.join("; ", wrong);
        }
    }

    /** Returns whether each user was forgotten in time. */
    synchronized boolean isWell() {
        return wrong.isEmpty();
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
