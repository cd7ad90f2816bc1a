package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.cli.report.DemoCatalogue;
import io.github.ttt4rec.cli.report.DemoCustomer;
import io.github.ttt4rec.cli.report.DemoReport;
import io.github.ttt4rec.cli.report.EvaluationProgress;
import io.github.ttt4rec.cli.report.ItemNames;
import io.github.ttt4rec.cli.report.TrainProgress;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.http.Listen;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.SeedOption;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Demonstrates training, evaluation and recommendations on real data, and how recommendations change after one more
 * purchase.
 */
@Command(
        name = "demo",
        description = {
            "See it work on real data, in about a minute: purchases from a British gift shop.",
            "",
            "Trains a model on a year of purchases, tests it on the following nine days against a popularity baseline,"
                    + " and shows the recommendations for three customers before and after one more purchase."
                    + " Writes no files.",
            "",
            "With --serve it then serves the model on this machine until Ctrl-C, with a page on which you buy for these"
                    + " customers and watch the recommendations change.",
            ""
        },
        customSynopsis = "ttt4rec demo [--serve] [--port PORT] [--seed N] [--threads N]",
        sortOptions = false,
        footerHeading = "%nThe data:%n",
        footer = "  Chen, D. (2015). Online Retail. UCI Machine Learning Repository, CC BY 4.0.%n"
                + "  https://doi.org/10.24432/C5BW33. demo/README.md lists the changes made to it.")
public final class DemoCommand implements Callable<Integer> {
    private static final String LOG = "online-retail.csv.gz";
    private static final String SPLIT = "temporal:2011-11-28,2011-12-01";
    private static final List<String> SETTINGS = List.of(
            "split=" + SPLIT,
            "deduplication=exact",
            "epochs=3",
            "batch_size=512",
            "learning_rate=0.002",
            // So few epochs cannot overfit.
            "dropout=0.2");

    @Spec
    private CommandSpec spec;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

    @Option(names = "--serve", description = "Afterwards serve the model, with a page to try it.")
    private boolean serve;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to serve on (default: ${DEFAULT-VALUE}); 0 picks a free port and prints it.")
    private int port;

    @Option(names = "--files", paramLabel = "DIR", hidden = true, description = "Directory of the demo's data.")
    private @Nullable Path files;

    private final long start = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port must be from 0 to 65535");
        }
        if (serve) {
            // Checked before the training, which takes a minute.
            RecommendationServer.check(ServerConfig.local().withListen(Listen.local(port)));
        }
        Terminal terminal = Terminal.detect();
        PrintWriter out = spec.commandLine().getOut();
        ProgressLine line = new ProgressLine(spec.commandLine().getErr(), terminal.error());
        DemoReport report = new DemoReport(out, terminal);
        int workers = threads.count();

        Path directory = files == null ? findFiles() : files;
        ItemNames names = ItemNames.read(directory.resolve("products.csv.gz"));
        RunConfig config = RunConfigs.set(RunConfig.production(), SETTINGS);
        Path log = directory.resolve(LOG);
        Split split = config.open(log);
        report.task(split);

        report.title("Training, on " + Text.count(workers, "thread") + ", with "
                + Kernels.active().name() + " kernels");
        TrainedModel model;
        try (Training training = new Training(split, config, seed.value(), workers, new TrainProgress(out, line))) {
            model = training.run(null).orElseThrow();
        }
        line.clear();

        EvaluationOptions options =
                model.evaluationOptions().withThreads(workers).withBootstrap(0, 0);
        EvaluationResult result = new Evaluator(options)
                .evaluate(model.recommender(), split, Split.Part.TEST, new EvaluationProgress(line, "testing"));
        line.clear();
        EvaluationResult baseline = new Evaluator(options).evaluate(Popularity.of(split), split, Split.Part.TEST);
        report.test(result, baseline);

        List<DemoCustomer> customers = DemoCustomer.choose(split, model);
        report.customersTitle(customers.size());
        for (DemoCustomer customer : customers) {
            report.customer(customer, names);
        }
        report.end(log, SETTINGS, (System.nanoTime() - start) / 1e9);
        if (serve) {
            report.live();
            serve(model, customers, DemoReport.productNames(names), split.data());
        } else {
            report.offer();
        }
        return 0;
    }

    /** Serves the model from a temporary store, which holds the customers' purchases before their visit in December. */
    private void serve(TrainedModel model, List<DemoCustomer> customers, Map<String, String> names, Dataset log)
            throws InterruptedException {
        List<Event> purchases = new ArrayList<>();
        for (DemoCustomer customer : customers) {
            for (int i = 0; i < customer.earlier().size(); i++) {
                purchases.add(new Event(
                        customer.id(),
                        customer.earlier().get(i),
                        customer.earlierTimes().get(i),
                        "demo-" + i));
            }
        }
        ServerConfig config = ServerConfig.local()
                .withListen(Listen.local(port))
                .withNames(names)
                .withExampleUsers(customers.stream().map(DemoCustomer::id).toList());
        try {
            Path directory = Files.createTempDirectory("ttt4rec-demo-");
            try {
                Serving serving = new Serving(
                        spec.commandLine().getOut(), spec.commandLine().getErr(), config, () -> config);
                serving.items(DemoCatalogue.of(log, names));
                serving.scenarios(DemoCatalogue.SCENARIOS);
                serving.run(
                        model,
                        "the demo's",
                        directory.resolve("state.db"),
                        new StoreConfig(Durability.OFF, 0, Duration.ZERO),
                        EngineConfig.defaults(),
                        purchases);
            } finally {
                try (Stream<Path> left = Files.list(directory)) {
                    for (Path file : left.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Looks for the data in the installation or, if the launcher names none, in the working directory, and in its
     * parents.
     */
    private static Path findFiles() {
        String home = System.getProperty("ttt4rec.home");
        for (Path at = Path.of(home == null ? "" : home).toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("demo");
            if (Files.exists(candidate.resolve(LOG))) {
                return candidate;
            }
        }
        throw new UserFacingException(
                "the demo's data was not found: run ./ttt4rec demo from a clone of the repository, which has it in the"
                        + " directory demo");
    }
}
