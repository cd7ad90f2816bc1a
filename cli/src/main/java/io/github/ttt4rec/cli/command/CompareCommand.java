package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.option.OptionValues;
import io.github.ttt4rec.cli.option.Seeds;
import io.github.ttt4rec.cli.option.SeedsConverter;
import io.github.ttt4rec.cli.report.CommandWords;
import io.github.ttt4rec.cli.report.CompareProgress;
import io.github.ttt4rec.cli.report.DataReport;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.lab.compare.Comparison;
import io.github.ttt4rec.lab.compare.ComparisonPlan;
import io.github.ttt4rec.lab.compare.Method;
import io.github.ttt4rec.lab.compare.Methods;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.Settings;
import io.github.ttt4rec.lab.report.ReportFiles;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares models on a log. */
@Command(
        name = "compare",
        description = {
            "Train and test several models on one log, with several seeds, and report which differences are"
                    + " statistically significant.",
            "",
            "Writes results.json, results.csv and report.html, a self-contained page. DIR/runs keeps every run as soon"
                    + " as it finishes: the same command again continues where it stopped, and with more models"
                    + " or seeds it only runs the new ones.",
            "",
            "A model that cannot be trained on this log is shown with the reason, and the others are compared. The exit"
                    + " code is 1 only if no model could be run.",
            ""
        },
        customSynopsis = "ttt4rec compare --data FILE --models NAMES --out DIR [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec compare --models list",
            "  ttt4rec compare --data events.csv --models ttt4rec,sasrec,simple --out lab",
            "  ttt4rec compare --data events.csv --models all --seeds 3 --out lab",
            "  ttt4rec compare --data events.csv --models ttt4rec,wide=wide.yaml --out lab",
            "  ttt4rec compare --data events.csv --models hybrid,blend=item-knn+sasrec --out lab",
            "  ttt4rec compare --data events.csv --models paper --fractions 0.25,0.5,1 \\",
            "      --set epochs=20 --out lab",
            "  ttt4rec compare --data gowalla.inter --config presets/gowalla.yaml \\",
            "      --models paper --seeds 3 --out gowalla"
        })
public final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--models",
            paramLabel = "NAMES",
            required = true,
            description =
                    "Names and groups of models, separated by commas; NAME=FILE for your own, from the sections model"
                            + " and train of a config.yaml; blend=NAME+NAME for a blend of models; list prints"
                            + " all names.")
    private String models;

    @Option(names = "--out", paramLabel = "DIR", description = "Directory for runs and results.")
    private @Nullable Path out;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            converter = SeedsConverter.class,
            description = "Train with seeds 1 to N (default: ${DEFAULT-VALUE}); M-N for seeds M to N.")
    private Seeds seeds = new Seeds(1, 1);

    @Option(
            names = "--fractions",
            paramLabel = "SHARES",
            defaultValue = "1",
            description = "Also train on these shares of the users, such as 0.25,0.5,1.")
    private String fractions;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with the filters, split and training of all models, such as presets/amazon.yaml;"
                    + " command-line options and --set override it.")
    private @Nullable Path configFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of all models that have it, such as epochs=20; repeatable.")
    private List<String> settings = List.of();

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

    @Option(names = "--force", description = "Delete the runs in DIR and start over.")
    private boolean force;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter stdout = spec.commandLine().getOut();
        if (models.equals("list")) {
            list(stdout);
            return 0;
        }
        List<Method> methods = methods();
        List<Double> shares = shares();
        if (out == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--out=DIR'");
        }
        data.file();
        Settings all = settings(methods);
        RunConfig shared = all.shared();
        LoadedData loaded = data.load(shared.read(), shared.data());
        Split split = shared.split().apply(loaded.dataset());
        DataReport.print(stdout, loaded.report());
        DataReport.print(stdout, loaded.dataset());
        DataReport.print(stdout, split);
        DataReport.printWarnings(stdout, loaded, split, shared.train().maxLen());

        int count = threads.count();
        ProgressLine line =
                new ProgressLine(spec.commandLine().getErr(), Terminal.detect().error());
        ComparisonPlan plan = new ComparisonPlan(all, methods, seeds.all(), shares, count);
        try (Comparison comparison = new Comparison(plan, split, out, force, new CompareProgress(stdout, line))) {
            DataReport.section(
                    stdout,
                    "Runs",
                    Text.count(methods.size(), "model") + ", "
                            + Text.count(plan.runs().size(), "run") + ", " + Text.count(count, "thread"));
            stdout.println();
            stdout.flush();
            return run(comparison, out, count, stdout, line);
        }
    }

    private int run(Comparison comparison, Path directory, int count, PrintWriter stdout, ProgressLine line)
            throws InterruptedException {
        try (StopSignals signals = new StopSignals(signal -> {
            line.println("ttt4rec: stopping after this step; a second signal kills without saving");
            comparison.requestStop();
        })) {
            boolean complete = comparison.run();
            line.clear();
            Optional<Results> results = comparison.results();
            if (results.isPresent()) {
                Path report = ReportFiles.write(directory, results.get());
                stdout.println();
                print(stdout, results.get());
                stdout.println();
                stdout.println("Report: " + report);
            }
            if (!complete) {
                stdout.println();
                stdout.println("Stopped; finished work is saved. To continue:");
                stdout.println("  " + CommandWords.again(spec, threads.given(), count, Set.of("--force")));
                return signals.exitCode();
            }
            return signals.stopped() ? signals.exitCode() : 0;
        }
    }

    private void list(PrintWriter stdout) {
        for (Method method : Methods.known()) {
            Text.wrap(Text.format("%-26s", method.name()), method.description()).forEach(stdout::println);
        }
        Methods.aliases()
                .forEach((alias, name) -> stdout.println(Text.format("%-25s another name of %s", alias, name)));
        Text.wrap(
                        Text.format("%-26s", Methods.BLEND + "=NAME+NAME"),
                        "blend of the standard scores of two or more models, weights by validation")
                .forEach(stdout::println);
        stdout.println();
        stdout.println("Groups:");
        for (String group : Methods.groups()) {
            String members = Methods.choose(List.of(group)).stream()
                    .filter(method -> method.groups().contains(group))
                    .map(Method::name)
                    .collect(Collectors.joining(", "));
            Text.wrap(Text.format("  %-10s", group), members.isEmpty() ? "everybody" : members)
                    .forEach(stdout::println);
        }
    }

    private List<Method> methods() {
        try {
            return Methods.choose(Methods.words(models));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), "--models: " + wrong.getMessage(), wrong);
        }
    }

    private List<Double> shares() {
        List<Double> shares = new ArrayList<>();
        for (String word : Methods.words(fractions)) {
            if (!word.matches("[0-9]*\\.?[0-9]+") || !(Double.parseDouble(word) > 0 && Double.parseDouble(word) <= 1)) {
                throw new ParameterException(
                        spec.commandLine(), "--fractions: '" + word + "' is not a share above 0 and at most 1");
            }
            shares.add(Double.valueOf(word));
        }
        return shares;
    }

    private Settings settings(List<Method> methods) {
        RunConfig base = base();
        Settings all = OptionValues.read(spec, () -> Settings.of(base, settings));
        RunConfig shared = all.shared();
        all = all.withShared(shared.withRead(data.readOptions(shared.read()))
                .withData(data.prepareOptions(shared.data()))
                .withSplit(data.splitSpec(shared.split())));
        List<String> unused = all.unused(methods);
        if (!unused.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--set " + unused.getFirst() + ": none of these models has this setting");
        }
        return all;
    }

    /** Returns the configuration file's settings for all models. */
    private RunConfig base() {
        RunConfig defaults = RunConfig.defaults();
        if (configFile == null) {
            return defaults;
        }
        RunConfig config = RunConfigs.read(configFile, defaults);
        if (!config.model().equals(defaults.model())) {
            throw new UserFacingException(
                    configFile + ": has a section model, but --models chooses the models; leave it"
                            + " out, or add it as one of them: --models NAME=" + configFile);
        }
        return config;
    }

    private static void print(PrintWriter stdout, Results results) {
        stdout.println("                         protocol all                              "
                + (results.unseen() == null ? "" : "   unseen"));
        stdout.println("                           HR@10 NDCG@10    95 % interval  "
                + (results.toMain().isEmpty() ? "        " : "p vs main")
                + (results.unseen() == null ? "" : "  HR@10 NDCG@10"));
        Map<String, Results.Difference> differences =
                results.toMain().stream().collect(Collectors.toMap(Results.Difference::method, d -> d));
        for (Results.Summary method : results.methods()) {
            Results.Value value = method.value(Results.HEADLINE);
            Results.Difference difference = differences.get(method.name());
            stdout.println(Text.format(
                            "%-24s %7.4f %7.4f  %15s   %8s%s",
                            method.name(),
                            method.mean("HR@10"),
                            value.mean(),
                            value.interval() == null
                                    ? ""
                                    : Text.format(
                                            "%.4f – %.4f",
                                            value.interval().low(),
                                            value.interval().high()),
                            difference == null ? "" : Text.format("%.4f", difference.corrected()),
                            unseen(results, method.name()))
                    .stripTrailing());
        }
        boolean severalSeeds = results.failures().stream()
                .anyMatch(failure ->
                        failure.seed() != results.failures().getFirst().seed());
        for (Results.Failure failure : results.failures()) {
            stdout.println(Text.format(
                    "%-24s  failed%s: %s",
                    failure.method(), severalSeeds ? " with seed " + failure.seed() : "", failure.reason()));
        }
    }

    private static String unseen(Results results, String name) {
        return Optional.ofNullable(results.unseen())
                .flatMap(unseen -> unseen.method(name))
                .map(one -> Text.format("%7.4f %7.4f", one.mean("HR@10"), one.mean(Results.HEADLINE)))
                .orElse("");
    }
}
