package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** Prints what a training is, how to continue it, and where its model is. */
public final class TrainReport {
    private final CommandSpec spec;
    private final PrintWriter stdout;
    private final long seed;
    private final ThreadsOption threads;
    private final long start = System.nanoTime();

    /** Creates the report of a training that starts now. */
    public TrainReport(CommandSpec spec, long seed, ThreadsOption threads) {
        this.spec = spec;
        this.stdout = spec.commandLine().getOut();
        this.seed = seed;
        this.threads = threads;
    }

    /** Prints the model, the settings of the training, and those of the run. */
    public void describe(RunConfig config, Training training) {
        String model = config.model().describe();
        if (config.model() instanceof MemoryBasedConfig) {
            DataReport.section(stdout, "Model", model);
        } else {
            TrainConfig train = config.train();
            DataReport.section(stdout, "Model", Text.format("%s: %,d parameters", model, training.parameterCount()));
            DataReport.section(
                    stdout,
                    "Train",
                    Text.format(
                            "%s loss, last %,d items, batches of %,d cases, Adam %s, at most %,d epochs",
                            lower(train.loss()),
                            train.maxLen(),
                            train.batchSize(),
                            train.learningRate(),
                            train.epochs()));
        }
        DataReport.section(
                stdout,
                "Run",
                Text.format(
                        "seed %d, %s, kernels %s, Java %s",
                        seed,
                        Text.count(threads.count(), "thread"),
                        Kernels.active().name(),
                        Runtime.version()));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Prints the place from which a run continues. */
    public void resumed(Path checkpoint, TrainingState state) {
        stdout.println(
                Text.format("Resumed from %s: epoch %,d, batch %,d", checkpoint, state.epoch() + 1, state.batch() + 1));
    }

    /** Prints the command that continues a stopped run. */
    public void howToResume(Path checkpoint, TrainingState state) {
        stdout.println();
        stdout.println(Text.format(
                "Stopped in epoch %,d before batch %,d and saved as %s. To continue:",
                state.epoch() + 1, state.batch() + 1, checkpoint));
        stdout.println("  "
                + CommandWords.again(
                        spec, threads.given(), threads.count(), Set.of("--force", "--resume"), "--resume"));
    }

    /** Prints the end of the run; {@code how} is added to the name of the directory. */
    public void saved(Path out, String how) {
        stdout.println("Model saved in " + out + how);
        stdout.println(Text.format(
                "Took %s, peak heap %,d MB",
                Text.duration((System.nanoTime() - start) / 1e9), PeakMemory.heapMegabytes()));
    }
}
