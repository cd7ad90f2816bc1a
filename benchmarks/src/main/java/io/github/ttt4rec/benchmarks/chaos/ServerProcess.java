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
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own that can be killed, stopped and started again on the same port. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final List<String> command;
    /** The options that say what to serve. */
    private final List<String> served;

    private final @Nullable Path state;
    private final Duration start;
    private final Path log;
    private final int port;
    private @Nullable Process process;

    /**
     * Describes a server without starting it.
     *
     * @param command the command that starts ttt4rec, which takes JVM options from TTT4REC_JAVA_OPTS
     * @param model the directory of the model
     * @param state the event store
     * @param log receives the server's output
     */
    public ServerProcess(List<String> command, Path model, Path state, Path log) {
        this(command, model, state, log, START);
    }

    /** The same with a time limit of a start. */
    public ServerProcess(List<String> command, Path model, Path state, Path log, Duration start) {
        this(command, List.of("--model", model.toString(), "--state", state.toString()), state, log, start);
    }

    private ServerProcess(List<String> command, List<String> served, @Nullable Path state, Path log, Duration start) {
        this.command = List.copyOf(command);
        this.served = served;
        this.state = state;
        this.log = log;
        this.start = start;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Describes a server of several catalogues without starting it.
     *
     * @param command the command that starts ttt4rec
     * @param tenants the file for {@code serve --tenants}
     * @param log receives the server's output
     * @param start the time limit of a start, in which the server stores the tenants' items
     */
    public static ServerProcess ofTenants(List<String> command, Path tenants, Path log, Duration start) {
        return new ServerProcess(command, List.of("--tenants", tenants.toString()), null, log, start);
    }

    /**
     * Returns the processor time that the running server has taken, in seconds; throws {@link UserFacingException} if
     * the system does not report it.
     */
    public double processorSeconds() {
        return ProcessHandle.of(pid())
                        .flatMap(running -> running.info().totalCpuDuration())
                        .orElseThrow(
                                () -> new UserFacingException("this system does not report the CPU time of a process"))
                        .toNanos()
                / 1e9;
    }

    /** Returns the server's address for {@code http} or {@code https}. */
    public URI uri(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + port + "/");
    }

    /** Returns the event store; throws {@link IllegalStateException} for a server of several catalogues. */
    Path state() {
        if (state == null) {
            throw new IllegalStateException("a server of several catalogues has a store for each");
        }
        return state;
    }

    /**
     * The options of a start.
     *
     * @param descriptors the limit of open files; 0 for the default
     * @param heapMegabytes the server's heap, in MB
     * @param environment additional environment variables
     * @param options additional options of serve
     */
    public record Way(int descriptors, int heapMegabytes, Map<String, String> environment, List<String> options) {
        /** The exit code of a server that ends because its heap is full. */
        static final int OUT_OF_MEMORY = 3;

        /** The defaults of {@code ttt4rec serve}, with a heap of 512 MB. */
        public static final Way USUAL = new Way(0, 512, Map.of(), List.of());

        Way withDescriptors(int other) {
            return new Way(other, heapMegabytes, environment, options);
        }

        /** Returns these options with another heap. */
        public Way withHeap(int megabytes) {
            return new Way(descriptors, megabytes, environment, options);
        }

        Way withEnvironment(Map<String, String> other) {
            return new Way(descriptors, heapMegabytes, other, options);
        }

        /** Returns these options with additional options of serve. */
        public Way withOptions(String... other) {
            return new Way(descriptors, heapMegabytes, environment, List.of(other));
        }
    }

    /** Starts the server and waits until it is ready; returns false if it ended instead. */
    public boolean start(Client client, Way way) {
        List<String> words = new ArrayList<>();
        if (way.descriptors > 0) {
            words.addAll(List.of("sh", "-c", "ulimit -n " + way.descriptors + " && exec \"$0\" \"$@\""));
        }
        words.addAll(command);
        words.add("serve");
        words.addAll(served);
        words.addAll(List.of("--port", String.valueOf(port)));
        if (!way.options.contains("--cache-mb")) {
            words.addAll(List.of("--cache-mb", "64"));
        }
        words.addAll(way.options);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("TTT4REC_JAVA_OPTS", "-Xmx" + way.heapMegabytes + "m");
        builder.environment().putAll(way.environment);
        try {
            Process started = builder.start();
            process = started;
            long end = System.nanoTime() + start.toNanos();
            while (System.nanoTime() < end) {
                if (client.isReady()) {
                    return true;
                }
                if (started.waitFor(50, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        } catch (IOException e) {
            throw new UserFacingException(command + ": cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return false;
    }

    /** Starts the server, and reports an error if it ends instead of being ready. */
    void start(Client client, Way way, Consumer<String> wrong) {
        if (!start(client, way)) {
            wrong.accept("the server does not start: " + lastWords());
        }
    }

    /** Returns the process id; 0 before the first start. */
    public long pid() {
        Process current = process;
        return current == null ? 0 : current.pid();
    }

    /** Returns the exit code if the server exits within {@code time}; otherwise empty. */
    OptionalInt exitCode(Duration time) {
        Process current = process;
        return current != null && await(current, time) ? OptionalInt.of(current.exitValue()) : OptionalInt.empty();
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

    /** Kills the server and waits for its end. */
    void kill() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
            await(current, Duration.ofSeconds(30));
        }
    }

    /** Stops the server by SIGTERM and returns its exit code, or -1 if it does not exit. */
    public int stop() {
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

    /** Returns the last lines of the server's output. */
    public String lastWords() {
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
