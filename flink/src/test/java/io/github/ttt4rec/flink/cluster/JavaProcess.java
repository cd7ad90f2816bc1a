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

/** A JVM that can be killed and started again with the same arguments. Its output goes to a file. */
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
     * @param arguments all arguments after {@code java}
     * @param environment variables in addition to this process's own
     * @param log the file for standard output and error of all starts
     */
    JavaProcess(List<String> arguments, Map<String, String> environment, Path log) {
        command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        this.environment = environment;
        this.log = log;
    }

    /** Starts the process. */
    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Kills the process (SIGKILL) and waits for its end. */
    void kill() throws InterruptedException {
        Process running = running();
        cpu = cpuTime();
        process = null;
        running.destroyForcibly().waitFor();
    }

    /** Waits for the process to end; fails if it takes longer than {@code limit} or exits with an error. */
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

    /** Returns the total CPU time of all starts. */
    Duration cpuTime() {
        return process == null
                ? cpu
                : cpu.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** Returns the last lines of the output, enough to include the cause above two stack traces of Flink's client. */
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

    /** Kills the process if it runs. */
    @Override
    public void close() {
        if (process != null) {
            try {
                kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // The signal has been sent; only the wait is cut short.
            }
        }
    }
}
