package io.github.ttt4rec.cli.retrain;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.ExperimentView;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Retrains in a process of its own while the server runs. That process has its own memory limit, one thread for training
 * and the lowest priority, and leaves a core free, so that serving keeps the CPU. A crash of it does not affect the server. If a server has several
 * catalogues, they are retrained one after the other, so that only one training needs memory.
 */
public final class Retrainer implements AutoCloseable {
    /** Held by the retraining in progress. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock(true);

    private static final Duration MAX_SLEEP = Duration.ofMinutes(1);
    /** The maximum time to wait for a retrained model that is being loaded while the server stops. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * The ways to start a process with a low priority, best first. With {@code nice} alone, Linux treats a core that
     * trains as busy, so that the threads of a request wait for the other cores. A core that runs only processes of
     * the idle class counts as idle. Such a core does not take waiting threads from the other cores, however, so one core
     * stays free of the training and of its JIT compiler.
     */
    private static final List<List<String>> LOW_PRIORITIES =
            List.of(List.of("/usr/bin/chrt", "--idle", "0"), List.of("/usr/bin/nice", "-n", "19"));

    /**
     * The options that keep the training process on one core even if the system cannot pin it: it sizes all thread pools
     * for one core, and a thread that needs a method compiled waits for the compiler instead of running beside it. Two
     * runnable threads on the training's core delay the server's threads much more than one does.
     */
    private static final List<String> ONE_CORE = List.of("-XX:ActiveProcessorCount=1", "-Xbatch", "-XX:+UseSerialGC");

    /** The program's main class, by name because this package must not depend on it. */
    private static final String MAIN = "io.github.ttt4rec.cli.Main";

    private final RetrainSchedule.Job job;
    private final Engine engine;
    private final Consumer<String> say;
    private final Thread thread;
    private volatile @Nullable Process process;
    private volatile boolean closed;

    private Retrainer(RetrainSchedule.Job job, Engine engine, Consumer<String> say) {
        this.job = job;
        this.engine = engine;
        this.say = say;
        thread = Thread.ofPlatform().name("ttt4rec-retrain").daemon().unstarted(this::loop);
    }

    /**
     * Starts retraining on a schedule.
     *
     * @param say receives a line about each result
     */
    public static Retrainer start(RetrainSchedule.Job job, Engine engine, Consumer<String> say) {
        Retrainer retrainer = new Retrainer(job, engine, say);
        retrainer.thread.start();
        return retrainer;
    }

    private void loop() {
        try {
            while (true) {
                awaitNext();
                ONE_AT_A_TIME.lockInterruptibly();
                try {
                    once();
                } finally {
                    ONE_AT_A_TIME.unlock();
                }
            }
        } catch (InterruptedException stopped) {
            // Interrupted because the server stops.
        }
    }

    /**
     * Waits until the next retraining is due. It looks at the clock once a minute, so that a clock that is set, or a
     * machine that was suspended, delays the retraining by a minute at most.
     */
    private void awaitNext() throws InterruptedException {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        ZonedDateTime due = job.schedule().next(now);
        while (now.isBefore(due)) {
            Duration left = Duration.between(now, due);
            Thread.sleep(left.compareTo(MAX_SLEEP) < 0 ? left : MAX_SLEEP);
            now = ZonedDateTime.now(ZoneOffset.UTC);
            due = job.schedule().due(due, now);
        }
    }

    /** Retrains once and, if the process reports a new model, serves it. */
    private void once() throws InterruptedException {
        ExperimentView experiment = engine.experiment();
        if (experiment != null) {
            say.accept("retraining is put off while the experiment "
                    + experiment.experiment().name() + " is running");
            return;
        }
        String failed = "retraining failed, the model in use stays: ";
        try {
            Path before = ModelSeries.resolve(job.models());
            String last;
            try {
                last = run();
            } finally {
                // A process that failed after it put its model into service has still changed the served model.
                Path after = ModelSeries.resolve(job.models());
                if (!after.equals(before)) {
                    use(after);
                    failed = "retraining failed, but its model is in use: ";
                }
            }
            say.accept("retraining: " + last);
        } catch (IOException | UserFacingException failure) {
            say.accept(failed + failure.getMessage());
        } catch (RuntimeException unexpected) {
            // The next retraining may succeed, so the thread must continue.
            say.accept(failed + unexpected);
        }
    }

    /**
     * Serves a model that retraining has put into service, or puts its predecessor back if the server cannot use it, so
     * that a restart serves the same model.
     */
    void use(Path model) {
        try {
            engine.swap(TrainedModel.load(model));
        } catch (UserFacingException refused) {
            try (ModelSeries series = ModelSeries.open(job.models())) {
                series.rollBack();
            }
            throw refused;
        }
    }

    /** Runs the process and returns the last line that it wrote. */
    private String run() throws IOException, InterruptedException {
        Process started =
                new ProcessBuilder(command()).redirectErrorStream(true).start();
        process = started;
        if (closed) {
            // The server stopped while the process was starting.
            started.destroy();
        }
        String last = "";
        try (BufferedReader lines = started.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(RetrainCommand.STEP)) {
                    say.accept("retraining: " + line.substring(RetrainCommand.STEP.length()));
                } else if (!line.isBlank()) {
                    last = line;
                }
            }
        }
        int code = started.waitFor();
        process = null;
        if (code != 0) {
            throw new UserFacingException("exit code " + code + (last.isEmpty() ? "" : ": " + last));
        }
        return last;
    }

    /**
     * Returns the words that start a command on all cores but one, with the lowest priority, as far as this system
     * permits it.
     */
    private static List<String> lowPriority() throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        List<String> cores = Cores.allButOne();
        if (!cores.isEmpty()) {
            List<String> pinned = List.of("/usr/bin/taskset", "--cpu-list", String.join(",", cores));
            if (isPermitted(pinned)) {
                words.addAll(pinned);
            }
        }
        for (List<String> priority : LOW_PRIORITIES) {
            if (isPermitted(priority)) {
                words.addAll(priority);
                break;
            }
        }
        return words;
    }

    private static boolean isPermitted(List<String> words) throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of(words.getFirst()))) {
            return false;
        }
        List<String> trial = new ArrayList<>(words);
        trial.add("true");
        return new ProcessBuilder(trial)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /**
     * Returns the command line: this Java with this class path, less memory and, if the system offers it, one core less and
     * the lowest priority.
     */
    List<String> command() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(lowPriority());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith("-Xm") && !option.matches("-XX:[+]Use.*GC") && !option.startsWith("-agentlib")) {
                command.add(option);
            }
        }
        command.add("-Xmx" + job.megabytes() + "m");
        command.addAll(ONE_CORE);
        String path = System.getProperty("java.class.path");
        if (path.endsWith(".jar") && !path.contains(System.getProperty("path.separator"))) {
            // The jar's manifest exports the internal packages that the program needs.
            command.addAll(List.of("-jar", path));
        } else {
            command.addAll(List.of("-cp", path, MAIN));
        }
        command.addAll(List.of(
                "retrain",
                "--models",
                job.models().toString(),
                "--state",
                job.state().toString(),
                "--threads",
                "1"));
        return command;
    }

    /** Stops, kills a retraining in progress, which leaves nothing behind, and waits until the engine is no longer used. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Process running = process;
        if (running != null) {
            running.destroy();
        }
        try {
            if (!thread.join(PATIENCE)) {
                say.accept("a retrained model is still being loaded; the server stops without it");
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }
}
