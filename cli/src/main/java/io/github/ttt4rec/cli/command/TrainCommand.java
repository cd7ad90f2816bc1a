package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.option.OptionValues;
import io.github.ttt4rec.cli.report.CommandWords;
import io.github.ttt4rec.cli.report.DataReport;
import io.github.ttt4rec.cli.report.EvaluationProgress;
import io.github.ttt4rec.cli.report.PeakMemory;
import io.github.ttt4rec.cli.report.TrainProgress;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationReport;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Metric;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.SeedOption;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingState;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Directory for the model; created if it does not exist.")
    private Path out;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "production",
            converter = PresetConverter.class,
            description = {
                "The settings to start from (default: ${DEFAULT-VALUE}):",
                "production: test on the most recent events, then fit on all of them;",
                "paper: the published protocol, split 3:2:5, and no fit on all events."
            })
    private Preset preset;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings.")
    private @Nullable Path configFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting, such as train.epochs=20 or just epochs=20; repeatable.")
    private List<String> settings = List.of();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

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

    private final long start = System.nanoTime();

    /** Called by picocli. */
    public TrainCommand() {}

    /** Creates the command line of {@code train}, whose help lists every setting. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new TrainCommand());
        // Rendered on demand: collecting the settings would slow down the start of every command.
        commandLine
                .getHelpSectionMap()
                .put(
                        UsageMessageSpec.SECTION_KEY_FOOTER,
                        help -> help.footer()
                                + settingLines().stream()
                                        .map(line -> line + System.lineSeparator())
                                        .collect(Collectors.joining()));
        return commandLine;
    }

    /** Returns every setting with its default. */
    private static List<String> settingLines() {
        List<String> lines = new ArrayList<>();
        RunConfigs.toMap(RunConfig.production()).forEach((section, value) -> {
            String text = value instanceof Map<?, ?> keys ? settings("", keys) : String.valueOf(value);
            lines.addAll(Text.wrap(Text.format("  %-6s ", section), text));
        });
        return lines;
    }

    private static String settings(String prefix, Map<?, ?> keys) {
        return keys.entrySet().stream()
                .map(entry -> entry.getValue() instanceof Map<?, ?> inner
                        ? settings(prefix + entry.getKey() + ".", inner)
                        : prefix + entry.getKey() + "=" + (entry.getValue() == null ? "" : entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (resume && force) {
            throw new ParameterException(
                    spec.commandLine(), "--resume continues a run and --force replaces it: give one of them");
        }
        PrintWriter stdout = spec.commandLine().getOut();
        RunConfig config = config();
        Path checkpoint = out.resolve(CHECKPOINT);
        requireFree(checkpoint);
        data.file();

        LoadedData loaded = data.load(config.read(), config.data());
        Split split = config.split().apply(loaded.dataset());
        DataReport.print(stdout, loaded.report());
        DataReport.print(stdout, loaded.dataset());
        DataReport.print(stdout, split);
        DataReport.printWarnings(stdout, loaded, split, config.train().maxLen());
        ModelDirectory.requireWritable(out);
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
            Optional<TrainedModel> evaluated = evaluated(stdout, line, split, config, stop);
            if (evaluated.isEmpty()) {
                return signals.exitCode();
            }
            TrainedModel model = evaluated.get();
            boolean tested = test(stdout, line, model, split, signals);
            if (!refits()) {
                delete(checkpoint);
                stdout.println();
                saved(stdout, tested ? "" : ", not tested");
                return signals.stopped() ? signals.exitCode() : 0;
            }
            Optional<TrainedModel> fitted = fitted(stdout, line, TrainedModel.load(out), loaded.dataset(), stop);
            if (fitted.isEmpty()) {
                return signals.exitCode();
            }
            fitted.get().save(out);
            delete(out.resolve(REFIT_CHECKPOINT));
            delete(checkpoint);
            stdout.println();
            stdout.println(
                    Text.format("Fitted on all %,d events", loaded.dataset().eventCount()));
            saved(stdout, "");
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
        return !noRefit && preset != Preset.PAPER;
    }

    /** Trains on the training part and saves the best epoch; empty if the run was stopped. */
    private Optional<TrainedModel> evaluated(
            PrintWriter stdout, ProgressLine line, Split split, RunConfig config, Stop stop)
            throws InterruptedException {
        Path checkpoint = out.resolve(CHECKPOINT);
        try (Training training =
                new Training(split, config, seed.value(), threads.count(), new TrainProgress(stdout, line))) {
            stop.attach(training);
            describe(stdout, config, training);
            if (resume) {
                training.resume(checkpoint);
                printResumed(stdout, checkpoint, training.state());
            }
            if (!(config.model() instanceof MemoryBasedConfig)) {
                // One line per epoch follows.
                stdout.println();
            }
            stdout.flush();
            Optional<TrainedModel> trained = training.run(checkpoint);
            line.clear();
            if (trained.isEmpty()) {
                printHowToResume(stdout, checkpoint, training.state());
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
            PrintWriter stdout, ProgressLine line, TrainedModel model, Dataset everything, Stop stop)
            throws InterruptedException {
        Path checkpoint = out.resolve(REFIT_CHECKPOINT);
        try (Training training =
                Training.onEverything(model, everything, threads.count(), new TrainProgress(stdout, line))) {
            stop.attach(training);
            stdout.println();
            // A memory-based model has no epochs.
            int epochs = model.provenance().bestEpoch();
            stdout.println(Text.format("Fitting on all %,d events", everything.eventCount())
                    + (epochs == 0 ? "" : Text.format(", %d epoch%s", epochs, epochs == 1 ? "" : "s")));
            if (resume && Files.exists(checkpoint)) {
                training.resume(checkpoint);
                printResumed(stdout, checkpoint, training.state());
            }
            stdout.flush();
            Optional<TrainedModel> trained = training.run(checkpoint);
            line.clear();
            if (trained.isEmpty()) {
                printHowToResume(stdout, checkpoint, training.state());
            }
            return trained;
        }
    }

    private static void printResumed(PrintWriter stdout, Path checkpoint, TrainingState state) {
        stdout.println(
                Text.format("Resumed from %s: epoch %,d, batch %,d", checkpoint, state.epoch() + 1, state.batch() + 1));
    }

    private RunConfig preset() {
        return switch (preset) {
            case PRODUCTION -> RunConfig.production();
            case PAPER -> RunConfig.defaults();
        };
    }

    private RunConfig config() {
        RunConfig start = configFile == null ? preset() : RunConfigs.read(configFile, preset());
        RunConfig config = OptionValues.read(spec, () -> RunConfigs.set(start, settings));
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

    private void describe(PrintWriter stdout, RunConfig config, Training training) {
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
                        "seed %d, %d thread%s, kernels %s, Java %s",
                        seed.value(),
                        threads.count(),
                        threads.count() == 1 ? "" : "s",
                        Kernels.active().name(),
                        Runtime.version()));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void printHowToResume(PrintWriter stdout, Path checkpoint, TrainingState state) {
        stdout.println();
        stdout.println(Text.format(
                "Stopped in epoch %,d before batch %,d and saved as %s. To continue:",
                state.epoch() + 1, state.batch() + 1, checkpoint));
        stdout.println("  "
                + CommandWords.again(
                        spec, threads.given(), threads.count(), Set.of("--force", "--resume"), "--resume"));
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

    private void saved(PrintWriter stdout, String how) {
        stdout.println("Model saved in " + out + how);
        stdout.println(Text.format(
                "Took %s, peak heap %,d MB",
                Text.duration((System.nanoTime() - start) / 1e9), PeakMemory.heapMegabytes()));
    }

    private static final class PresetConverter implements ITypeConverter<Preset> {
        @Override
        public Preset convert(String word) {
            return switch (word) {
                case "production" -> Preset.PRODUCTION;
                case "paper" -> Preset.PAPER;
                default -> throw new TypeConversionException("'" + word + "' is not production or paper");
            };
        }
    }

    /** The preset that a run starts from. */
    private enum Preset {
        PRODUCTION,
        PAPER
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
