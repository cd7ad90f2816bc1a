package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RecommenderTypes;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.option.OptionValues;
import io.github.ttt4rec.cli.report.CommandWords;
import io.github.ttt4rec.cli.report.DataReport;
import io.github.ttt4rec.cli.report.TuneProgress;
import io.github.ttt4rec.cli.report.TuneReport;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationReport;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.lab.tune.DefaultSpaces;
import io.github.ttt4rec.lab.tune.Domain;
import io.github.ttt4rec.lab.tune.Search;
import io.github.ttt4rec.lab.tune.SearchSpace;
import io.github.ttt4rec.lab.tune.Tuning;
import io.github.ttt4rec.lab.tune.TuningPlan;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.OptionValue;
import io.github.ttt4rec.terminal.option.SeedOption;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Searches the settings of a model. */
@Command(
        name = "tune",
        description = {
            "Search the settings that give a model the best NDCG@10 on the validation part of a log, by the protocol"
                    + " all or unseen. The test part is not used.",
            "",
            "The first trial uses the default settings; later trials choose theirs by the results so far. A network's"
                    + " trial trains until it stops improving, or is stopped early if it is worse than the median"
                    + " of the others. Memory-based methods can be tuned as well: compare a tuned network with a"
                    + " tuned memory-based method, not with a default one.",
            "",
            "Writes trials.csv, trials.json, best.yaml, and model with the best trial's network. DIR keeps every trial"
                    + " as soon as it ends: the same command again, also with more --trials or --minutes,"
                    + " continues where it stopped and makes the same trials as an uninterrupted search.",
            ""
        },
        customSynopsis = "ttt4rec tune --data FILE --model TYPE --out DIR [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec tune --model list",
            "  ttt4rec tune --data events.csv --model item-knn --trials 40 --out knn",
            "  ttt4rec tune --data events.csv --model ttt4rec --minutes 60 --out ttt",
            "  ttt4rec tune --data events.csv --model sasrec --set epochs=100 \\",
            "      --param \"learning_rate=log(1e-4,1e-2)\" --param \"num_layers=int(1,3)\" \\",
            "      --param \"hidden_size=choice(32,64,128)\" --out sasrec",
            "Then:",
            "  ttt4rec train --data events.csv --config ttt/best.yaml --out model",
            "  ttt4rec compare --data events.csv --models tuned=ttt/best.yaml,knn=knn/best.yaml \\",
            "      --seeds 3 --out lab"
        })
public final class TuneCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "TYPE",
            required = true,
            description =
                    "Type of model to tune: a network such as ttt4rec or sasrec, or item-knn, vsknn, recent-popularity;"
                            + " list prints all types with the ranges to search.")
    private String model;

    @Option(names = "--out", paramLabel = "DIR", description = "Directory for the trials and the best model.")
    private @Nullable Path out;

    @Option(
            names = "--search",
            paramLabel = "HOW",
            defaultValue = "tpe",
            description = "tpe (tree-structured Parzen estimators, the default) or random.")
    private Search search;

    @Mixin
    private final CommandSpec budgetOptions = CommandSpec.create();

    private final OptionValue<Integer> trials = OptionValue.count(
            budgetOptions,
            "--trials",
            "N",
            "Maximum number of trials (default: 30, or unlimited if --minutes is given).");
    private final OptionValue<Integer> minutes =
            OptionValue.count(budgetOptions, "--minutes", "M", "Total time after which no new trial starts.");

    @Option(
            names = "--param",
            paramLabel = "KEY=RANGE",
            description = "A setting to search, in place of the default ranges; repeatable. A range is"
                    + " uniform(low,high), log(low,high), int(low,high), logint(low,high) or choice(a,b,...).")
    private List<String> ranges = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings that are fixed.")
    private @Nullable Path configFile;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A fixed setting, such as epochs=20; repeatable.")
    private List<String> settings = List.of();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            defaultValue = "all",
            description = {
                "all: validate on all cases, each ranked among all items (the default);",
                "unseen: only cases whose target is new to the user, ranked among items new to the user. A network's"
                        + " best epoch is still chosen by the protocol all, and no trial is stopped early."
            })
    private Protocol protocol;

    @Option(names = "--full-trials", description = "Train every trial to its end, even bad ones.")
    private boolean fullTrials;

    @Option(
            names = "--test",
            description =
                    "Test the best model at the end. Do this only once: a test part that was used to choose settings is"
                            + " no longer a test.")
    private boolean test;

    @Option(names = "--force", description = "Delete the search in DIR and start over.")
    private boolean force;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (model.equals("list")) {
            list(stdout);
            return 0;
        }
        if (!RecommenderTypes.names().contains(model)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--model: there is no model '" + model + "' to tune; there are "
                            + String.join(", ", RecommenderTypes.names()));
        }
        if (out == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--out=DIR'");
        }
        data.file();
        RunConfig ofType = RunConfigs.ofType(model, configFile, List.of());
        RunConfig base = OptionValues.read(spec, () -> RunConfigs.set(ofType, typed(settings)));
        RunConfig config = base.withRead(data.readOptions(base.read()))
                .withData(data.prepareOptions(base.data()))
                .withSplit(data.splitSpec(base.split()));
        if (ranges.isEmpty() && DefaultSpaces.of(model).isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--model: a model of type " + model + " has no settings to search");
        }
        SearchSpace space = OptionValues.read(
                spec, () -> SearchSpace.parse(ranges.isEmpty() ? DefaultSpaces.of(model) : ranges, config));

        LoadedData loaded = data.load(config.read(), config.data());
        Split split = config.split().apply(loaded.dataset());
        DataReport.print(stdout, loaded.report());
        DataReport.print(stdout, loaded.dataset());
        DataReport.print(stdout, split);
        DataReport.printWarnings(stdout, loaded, split, config.train().maxLen());
        return search(stdout, config, space, split, out);
    }

    /** Returns the fixed settings, and checks that none of them chooses the type. */
    private static List<String> typed(List<String> settings) {
        for (String setting : settings) {
            if (setting.matches("(model\\.)?type\\s*=.*")) {
                throw new UserFacingException("--set " + setting + ": --model chooses the model");
            }
        }
        return settings;
    }

    private int search(PrintWriter stdout, RunConfig config, SearchSpace space, Split split, Path directory)
            throws InterruptedException {
        int count = threads.count();
        ProgressLine line =
                new ProgressLine(spec.commandLine().getErr(), Terminal.detect().error());
        TuningPlan plan = new TuningPlan(config, space, search, !fullTrials, seed.value(), count, budget(), protocol);
        try (Tuning tuning = new Tuning(plan, split, directory, force, new TuneProgress(stdout, line, space))) {
            describe(stdout, plan, tuning);
            return search(stdout, tuning, space, count, line);
        }
    }

    private int search(PrintWriter stdout, Tuning tuning, SearchSpace space, int count, ProgressLine line)
            throws InterruptedException {
        try (StopSignals signals = new StopSignals(signal -> {
            line.println("ttt4rec: stopping after this step; a second signal kills without saving");
            tuning.requestStop();
        })) {
            Tuning.End end = tuning.run();
            line.clear();
            TuneReport.print(stdout, tuning.trials(), space);
            Optional<EvaluationResult> tested = Optional.empty();
            if (test && end != Tuning.End.STOPPED) {
                tested = tuning.test();
                line.clear();
                tested.ifPresent(result -> {
                    stdout.println();
                    stdout.print(EvaluationReport.table(result));
                });
            }
            if (tuning.best().isPresent()) {
                howToGoOn(stdout, tuning, count);
            }
            if (end == Tuning.End.EXHAUSTED) {
                stdout.println();
                stdout.println("No combination is left to try.");
            }
            if (signals.stopped() && (end == Tuning.End.STOPPED || (test && tested.isEmpty()))) {
                stdout.println();
                stdout.println("Stopped; the trials are saved. To continue:");
                stdout.println("  " + CommandWords.again(spec, threads.given(), count, Set.of("--force")));
            }
            return signals.stopped() ? signals.exitCode() : 0;
        }
    }

    private TuningPlan.Budget budget() {
        Integer limit = minutes.orNull();
        return limit == null
                ? new TuningPlan.Budget(trials.or(30), Double.POSITIVE_INFINITY)
                : new TuningPlan.Budget(trials.or(Integer.MAX_VALUE), limit);
    }

    private static void list(PrintWriter stdout) {
        for (String type : RecommenderTypes.names()) {
            stdout.println(type);
            for (String range : DefaultSpaces.of(type)) {
                stdout.println("    --param \"" + range + "\"");
            }
        }
        stdout.println();
        Text.wrap("", "A range is " + String.join(", ", Domain.FORMS) + ".").forEach(stdout::println);
    }

    private static void describe(PrintWriter stdout, TuningPlan plan, Tuning tuning) {
        DataReport.section(stdout, "Model", plan.config().model().describe());
        TuningPlan.Budget budget = plan.budget();
        DataReport.section(
                stdout,
                "Search",
                Text.format(
                        "%s, protocol %s, %s%s%s, seed %d, %s",
                        plan.search().name().toLowerCase(Locale.ROOT),
                        plan.protocol().name().toLowerCase(Locale.ROOT),
                        Text.count(plan.space().dimensions().size(), "setting"),
                        budget.trials() == Integer.MAX_VALUE
                                ? ""
                                : Text.format(", at most %,d trials", budget.trials()),
                        Double.isInfinite(budget.minutes())
                                ? ""
                                : Text.format(", at most %,.0f minutes", budget.minutes()),
                        plan.seed(),
                        Text.count(plan.threads(), "thread")));
        for (SearchSpace.Dimension dimension : plan.space().dimensions()) {
            stdout.println("        " + dimension.path() + "=" + dimension.domain());
        }
        stdout.println();
        if (!tuning.trials().isEmpty()) {
            Text.wrap("", finishedBefore(tuning)).forEach(stdout::println);
        }
        stdout.flush();
    }

    private static String finishedBefore(Tuning tuning) {
        return Text.count(tuning.trials().size(), "trial") + " finished before"
                + tuning.best()
                        .map(best -> Text.format("; the best is %d: %s", best.number(), TuneProgress.result(best)))
                        .orElse("");
    }

    private void howToGoOn(PrintWriter stdout, Tuning tuning, int count) {
        stdout.println();
        stdout.println("Best configuration: " + tuning.bestFile());
        CommandSpec dataOptions = Objects.requireNonNull(spec.mixins().get("data"));
        String best = tuning.bestFile().toString();
        stdout.println(tuning.modelDirectory()
                .map(directory -> "Its model: " + directory + ". To train it again:")
                .orElse("To train it:"));
        stdout.println("  "
                + CommandWords.onTheSameLog(
                        spec,
                        dataOptions,
                        "train",
                        "--config",
                        best,
                        "--seed",
                        Long.toString(seed.value()),
                        "--threads",
                        Integer.toString(count),
                        "--no-refit",
                        "--out",
                        "model"));
        stdout.flush();
    }
}
