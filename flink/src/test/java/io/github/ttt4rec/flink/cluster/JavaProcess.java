package io.github.ttt4rec.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JVM that can be killed and started again with the same words. Its output goes to a file. */
final class JavaProcess implements AutoCloseable {
    private static final int TAIL = 100;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process process;
    private Duration cpu = Duration.ZERO;

    /**
     * Describes the process without starting it.
     *
     * @param arguments all words after {@code java}
     * @param environment variables beside this process's own
     * @param log takes standard output and error, of every start
     */
    JavaProcess(List<String> arguments, Map<String, String> environment, Path log) {
        command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        this.environment = environment;
        this.log = log;
    }

    /** Starts it. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Kills it at once (SIGKILL) and waits until it is gone. */
    void kill() throws InterruptedException {
        Process running = running();
        cpu = cpuTime();
        process = null;
        running.destroyForcibly().waitFor();
    }

    /** Waits for its end; fails if it takes longer than {@code limit} or ends with an error. */
    void await(Duration limit) throws IOException, InterruptedException {
        Process running = running();
        if (!running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            running.destroyForcibly();
            throw new IllegalStateException("took longer than " + limit + ": " + command + "\n" + tail());
        }
        if (running.exitValue() != 0) {
            throw new IllegalStateException("exit code " + running.exitValue() + " of " + command + "\n" + tail());
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Returns the CPU time of all starts together. */
    Duration cpuTime() {
        return process == null
                ? cpu
                : cpu.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** Returns the last lines of the output: enough to hold the cause above two stack traces of Flink's client. */
    String tail() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started: " + command);
        }
        return process;
    }

    /** Kills it if it runs. */
    @Override
    public void close() {
        if (process != null) {
            try {
                kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // The signal is sent; only the wait for its effect is cut short.
            }
        }
    }
}
