package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.option.RunConfigOptions;
import io.github.ttt4rec.cli.report.DataReport;
import io.github.ttt4rec.cli.report.EvaluationProgress;
import io.github.ttt4rec.cli.report.TrainProgress;
import io.github.ttt4rec.cli.report.TrainReport;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationReport;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.internal.FileLocks;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.SeedOption;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a model on an interaction log. */
@Command(
        name = "train",
        description = {
            "Train a model on an interaction log, test it, fit it on all events, and save it in a directory.",
            "",
            "The log is filtered and split. The model trains on the training part until NDCG@10 on the validation part"
                    + " stops improving, and the best epoch is tested once on the most recent events. Then a"
                    + " model with the same settings is fitted on all events for the same number of epochs. That"
                    + " model is saved; no unseen events are left to test it on. --no-refit saves the tested"
                    + " model instead. The same seed, number of threads, data and settings give a bit-identical"
                    + " model.",
            "",
            "The run is saved in DIR after every epoch. Ctrl-C saves it and prints how to continue; a second Ctrl-C"
                    + " kills.",
            ""
        },
        customSynopsis = "ttt4rec train --data FILE --out DIR [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec train --data events.csv --out model",
            "  ttt4rec train --data events.csv --out model --split leave-one-out \\",
            "      --set layer=linear --set epochs=20 --seed 7",
            "  ttt4rec train --data events.csv --out model --config run.yaml",
            "  ttt4rec train --data events.csv --items products.csv --out model",
            "  ttt4rec train --data events.csv --out paper --preset paper",
            "  ttt4rec train --data events.csv --out model --resume",
            "",
            "A configuration file has the sections and keys of the config.yaml in every",
            "model directory; keys that it omits keep their defaults. Command-line options",
            "override --set, and --set overrides --config. Keys and defaults:"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String REFIT_CHECKPOINT = "refit.safetensors";
    private static final String LOCK = ".train.lock";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory for the model; created if it does not exist.")
    private Path out;

    @Mixin
    private final RunConfigOptions settings = new RunConfigOptions();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--items",
            paramLabel = "FILE",
            description =
                    "Items' attributes to learn from: JSON Lines, or CSV or Parquet with the column item and any of title,"
                            + " text, group, category, label and your own. The model then also recommends items without"
                            + " events, such as those of FILE that are not in the log. In each step, attributes alone stand"
                            + " for a share of the items: --set id_dropout=0.3 (the default).")
    private @Nullable Path itemsFile;

    @Option(names = "--resume", description = "Continue the unfinished run in DIR, to the same result.")
    private boolean resume;

    @Option(names = "--force", description = "Replace the model or unfinished run in DIR.")
    private boolean force;

    @Option(names = "--no-test", description = "Do not test; evaluate can do it later.")
    private boolean noTest;

    @Option(names = "--no-refit", description = "Save the tested model; do not fit one on all events.")
    private boolean noRefit;

    @Mixin
    private final DataOptions data = new DataOptions();

    /** Creates the command line of {@code train}, whose help lists every setting. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new TrainCommand());
        // Rendered on demand: collecting the settings would slow down the start of every command.
        commandLine
                .getHelpSectionMap()
                .put(
                        UsageMessageSpec.SECTION_KEY_FOOTER,
                        help -> help.footer()
                                + RunConfigOptions.settingLines().stream()
                                        .map(line -> line + System.lineSeparator())
                                        .collect(Collectors.joining()));
        return commandLine;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (resume && force) {
            throw new ParameterException(
                    spec.commandLine(), "--resume continues a run and --force replaces it: give one of them");
        }
        PrintWriter stdout = spec.commandLine().getOut();
        TrainReport report = new TrainReport(spec, seed.value(), threads);
        RunConfig config = config();
        Path checkpoint = out.resolve(CHECKPOINT);
        requireFree(checkpoint);
        data.file();
        TrainingItems items = TrainingItems.read(itemsFile);

        LoadedData loaded = data.load(config.read(), config.data());
        Split split = config.split().apply(loaded.dataset());
        DataReport.print(stdout, loaded.report());
        DataReport.print(stdout, loaded.dataset());
        items.print(stdout, loaded.dataset());
        DataReport.print(stdout, split);
        DataReport.printWarnings(stdout, loaded, split, config.train().maxLen());
        ModelDirectory.requireWritable(out);
        try (FileChannel _ = lock()) {
            requireFree(checkpoint);
            return train(report, loaded, split, config, items);
        }
    }

    /** Locks the directory, so that two runs do not write the same files. The lock file stays: see {@link FileLocks#tryLock}. */
    private FileChannel lock() {
        return FileLocks.tryLock(out.resolve(LOCK))
                .orElseThrow(() -> new UserFacingException(
                        out + ": another train is at work in this directory; wait for it, or give another --out"));
    }

    private int train(TrainReport report, LoadedData loaded, Split split, RunConfig config, TrainingItems items)
            throws InterruptedException {
        PrintWriter stdout = spec.commandLine().getOut();
        Path checkpoint = out.resolve(CHECKPOINT);
        if (!resume) {
            delete(out.resolve(REFIT_CHECKPOINT));
        }
        ProgressLine line =
                new ProgressLine(spec.commandLine().getErr(), Terminal.detect().error());
        Stop stop = new Stop();
        try (StopSignals signals = new StopSignals(signal -> {
            line.println("ttt4rec: stopping after this step; a second signal kills without saving");
            stop.request();
        })) {
            Optional<TrainedModel> evaluated = evaluated(report, line, split, config, items, stop);
            if (evaluated.isEmpty()) {
                return signals.exitCode();
            }
            TrainedModel model = evaluated.get();
            boolean tested = test(stdout, line, model, split, signals);
            if (!refits()) {
                stdout.println();
                if (model.encodesAttributes()) {
                    items.addUnseen(TrainedModel.load(out), stdout).save(out);
                }
                delete(checkpoint);
                report.saved(out, tested ? "" : ", not tested");
                return signals.stopped() ? signals.exitCode() : 0;
            }
            Optional<TrainedModel> fitted = fitted(report, line, TrainedModel.load(out), loaded.dataset(), items, stop);
            if (fitted.isEmpty()) {
                return signals.exitCode();
            }
            stdout.println();
            stdout.println(
                    Text.format("Fitted on all %,d events", loaded.dataset().eventCount()));
            items.addUnseen(fitted.get(), stdout).save(out);
            delete(out.resolve(REFIT_CHECKPOINT));
            delete(checkpoint);
            report.saved(out, "");
            return signals.stopped() ? signals.exitCode() : 0;
        }
    }

    /** Passes a request to stop to the current training, or to the next one. */
    private static final class Stop {
        private boolean requested;
        private @Nullable Training training;

        synchronized void request() {
            requested = true;
            if (training != null) {
                training.requestStop();
            }
        }

        synchronized void attach(Training next) {
            training = next;
            if (requested) {
                next.requestStop();
            }
        }
    }

    private boolean refits() {
        return !noRefit && settings.fitsOnAllEvents();
    }

    /** Trains on the training part and saves the best epoch; empty if the run was stopped. */
    private Optional<TrainedModel> evaluated(
            TrainReport report, ProgressLine line, Split split, RunConfig config, TrainingItems items, Stop stop)
            throws InterruptedException {
        PrintWriter stdout = spec.commandLine().getOut();
        Path checkpoint = out.resolve(CHECKPOINT);
        TrainProgress progress = new TrainProgress(stdout, line);
        try (Training training =
                new Training(split, config, items.attributes(), seed.value(), threads.count(), progress)) {
            stop.attach(training);
            report.describe(config, training);
            if (resume) {
                training.resume(checkpoint);
                report.resumed(checkpoint, training.state());
            }
            if (!(config.model() instanceof MemoryBasedConfig)) {
                // One line per epoch follows.
                stdout.println();
            }
            stdout.flush();
            Optional<TrainedModel> trained = training.run(checkpoint);
            line.clear();
            if (trained.isEmpty()) {
                report.howToResume(checkpoint, training.state());
                return trained;
            }
            Provenance provenance = trained.get().provenance();
            if (provenance.epochs() > 0) {
                stdout.println();
                stdout.println(Text.format("Best epoch: %d of %d", provenance.bestEpoch(), provenance.epochs()));
            }
            if (!isTested(trained.get())) {
                trained.get().save(out);
            }
            return trained;
        }
    }

    /** Returns whether an earlier run has tested and saved the same model. */
    private boolean isTested(TrainedModel model) {
        if (!resume || !ModelDirectory.exists(out)) {
            return false;
        }
        TrainedModel before = TrainedModel.load(out);
        return before.version().equals(model.version())
                && before.provenance().metrics().keySet().stream().anyMatch(name -> name.startsWith("test "));
    }

    /** Fits the tested model on all events; empty if the run was stopped. */
    private Optional<TrainedModel> fitted(
            TrainReport report,
            ProgressLine line,
            TrainedModel model,
            Dataset everything,
            TrainingItems items,
            Stop stop)
            throws InterruptedException {
        PrintWriter stdout = spec.commandLine().getOut();
        Path checkpoint = out.resolve(REFIT_CHECKPOINT);
        TrainProgress progress = new TrainProgress(stdout, line);
        try (Training training =
                Training.onEverything(model, everything, items.attributes(), threads.count(), progress)) {
            stop.attach(training);
            stdout.println();
            // A memory-based model has no epochs.
            int epochs = model.provenance().bestEpoch();
            stdout.println(Text.format("Fitting on all %,d events", everything.eventCount())
                    + (epochs == 0 ? "" : ", " + Text.count(epochs, "epoch")));
            if (resume && Files.exists(checkpoint)) {
                training.resume(checkpoint);
                report.resumed(checkpoint, training.state());
            }
            stdout.flush();
            Optional<TrainedModel> trained = training.run(checkpoint);
            line.clear();
            if (trained.isEmpty()) {
                report.howToResume(checkpoint, training.state());
            }
            return trained;
        }
    }

    private RunConfig config() {
        RunConfig config = settings.config();
        return config.withRead(data.readOptions(config.read()))
                .withData(data.prepareOptions(config.data()))
                .withSplit(data.splitSpec(config.split()));
    }

    /** Refuses to overwrite a model or an unfinished run without an option that says so. */
    private void requireFree(Path checkpoint) {
        boolean unfinished = Files.exists(checkpoint);
        boolean model = ModelDirectory.exists(out);
        if (resume && !unfinished) {
            throw new UserFacingException(out + ": nothing to resume, there is no " + CHECKPOINT
                    + (model ? "; the model in it is finished" : ""));
        }
        if (!resume && !force && unfinished) {
            throw new UserFacingException(
                    out + ": holds an unfinished run; --resume continues it, --force replaces it");
        }
        if (!resume && !force && model) {
            throw new UserFacingException(
                    out + ": holds a model already; choose another --out, or --force replaces it");
        }
    }

    /** Tests the model of the best epoch and saves it with the metrics; returns whether it was tested. */
    private boolean test(PrintWriter stdout, ProgressLine line, TrainedModel model, Split split, StopSignals signals)
            throws InterruptedException {
        if (isTested(model)) {
            stdout.println("Already tested: inspect --model " + out + " shows the figures");
            return true;
        }
        if (noTest || signals.stopped() || split.cases(Split.Part.TEST) == 0) {
            return false;
        }
        if (!refits()) {
            // The model is saved: Ctrl-C may end the process at once.
            signals.close();
        }
        EvaluationResult result = new Evaluator(model.evaluationOptions().withThreads(threads.count()))
                .evaluate(model.recommender(), split, Split.Part.TEST, new EvaluationProgress(line, "testing"));
        line.clear();
        stdout.println();
        stdout.print(EvaluationReport.table(result));
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (Metric metric : result.metrics()) {
            metrics.put("test " + metric.name(), metric.value());
        }
        model.withMetrics(metrics).save(out);
        return true;
    }

    private static void delete(Path checkpoint) {
        try {
            Files.deleteIfExists(checkpoint);
        } catch (IOException e) {
            throw new UserFacingException(
                    checkpoint + ": the model is saved, but this file of the run cannot be deleted: " + e.getMessage(),
                    e);
        }
    }
}
