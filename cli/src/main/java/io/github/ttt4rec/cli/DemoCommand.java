package io.github.ttt4rec.cli;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Popularity;
import io.github.ttt4rec.kernels.Kernels;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows it all on real data: training, evaluation, recommendations, and how they change with one more purchase. */
@Command(
        name = "demo",
        description = {
            "See it work on real data, in about a minute: purchases from a British shop for gifts.",
            "",
            "Trains a model on a year of purchases, tests it on the nine days after beside the most popular"
                    + " products, and shows for three customers what is recommended and how that changes with one more"
                    + " purchase. Writes no file.",
            ""
        },
        customSynopsis = "ttt4rec demo [--seed N] [--threads N]",
        sortOptions = false,
        footerHeading = "%nThe data:%n",
        footer = "  Chen, D. (2015). Online Retail. UCI Machine Learning Repository, CC BY 4.0.%n"
                + "  https://doi.org/10.24432/C5BW33. See demo/README.md for what was changed.")
public final class DemoCommand implements Callable<Integer> {
    private static final String LOG = "online-retail.csv.gz";
    private static final String SPLIT = "temporal:2011-11-28,2011-12-01";
    private static final List<String> SETTINGS =
            List.of("split=" + SPLIT, "deduplication=exact", "epochs=3", "batch_size=512", "learning_rate=0.002");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of everything random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "Threads (default: one for each core).")
    private @Nullable Integer threads;

    @Option(names = "--files", paramLabel = "DIR", hidden = true, description = "Where the demo's data is.")
    private @Nullable Path files;

    private final long start = System.nanoTime();

    /** For picocli. */
    public DemoCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.detect();
        PrintWriter out = spec.commandLine().getOut();
        ProgressLine line = new ProgressLine(spec.commandLine().getErr(), terminal.error());
        DemoReport report = new DemoReport(out, terminal);
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;

        Path directory = files == null ? findFiles() : files;
        ItemNames names = ItemNames.read(directory.resolve("products.csv.gz"));
        RunConfig config = RunConfigs.set(RunConfig.defaults(), SETTINGS);
        Path log = directory.resolve(LOG);
        Split split = config.open(log);
        report.task(split);

        report.title("Training, on " + workers + (workers == 1 ? " thread" : " threads") + ", with "
                + Kernels.active().name() + " kernels");
        TrainedModel model;
        try (Training training = new Training(split, config, seed, workers, new TrainProgress(out, line))) {
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
        return 0;
    }

    /** In the installation, as the launcher says, or above the working directory. */
    private static Path findFiles() {
        String home = System.getProperty("ttt4rec.home");
        for (Path at = Path.of(home == null ? "" : home).toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("demo");
            if (Files.exists(candidate.resolve(LOG))) {
                return candidate;
            }
        }
        throw new UserFacingException("the demo's data is not here: start it by ./ttt4rec demo from a clone of the"
                + " repository, whose directory demo holds it");
    }
}
