package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, which can be killed, stopped and started again at the same port. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Path launcher;
    private final Path model;
    private final Path state;
    private final Path log;
    private final int port;
    private @Nullable Process process;

    ServerProcess(Path launcher, Path model, Path state, Path log) {
        this.launcher = launcher;
        this.model = model;
        this.state = state;
        this.log = log;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    Path state() {
        return state;
    }

    Path log() {
        return log;
    }

    /**
     * Starts the server and waits until it answers; returns false if it ended instead.
     *
     * @param descriptors the limit of open files; 0 for the usual one
     * @param more more options of serve
     */
    boolean start(Client client, int descriptors, List<String> more) {
        List<String> words = new ArrayList<>();
        if (descriptors > 0) {
            words.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$0\" \"$@\""));
        }
        words.addAll(List.of(
                launcher.toString(),
                "serve",
                "--model",
                model.toString(),
                "--state",
                state.toString(),
                "--port",
                String.valueOf(port),
                "--cache-mb",
                "64"));
        words.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("TTT4REC_JAVA_OPTS", "-Xmx512m");
        try {
            Process started = builder.start();
            process = started;
            long end = System.nanoTime() + START.toNanos();
            while (System.nanoTime() < end) {
                if (client.isReady()) {
                    return true;
                }
                if (started.waitFor(50, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        } catch (IOException e) {
            throw new UserFacingException(launcher + ": cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return false;
    }

    boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** Sends a signal by name. */
    void signal(String name) {
        Process current = process;
        if (current == null) {
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(current.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the server and waits until it is gone. */
    void kill() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
            await(current, Duration.ofSeconds(30));
        }
    }

    /** Ends the server in good order; returns its exit code, or -1 if it does not end. */
    int stop() {
        Process current = process;
        if (current == null) {
            return 0;
        }
        current.destroy();
        return await(current, Duration.ofSeconds(30)) ? current.exitValue() : -1;
    }

    private static boolean await(Process process, Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The last lines that the server wrote. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
