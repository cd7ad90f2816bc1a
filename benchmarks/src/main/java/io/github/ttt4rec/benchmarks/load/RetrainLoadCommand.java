package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.benchmarks.option.Checkout;
import io.github.ttt4rec.benchmarks.option.NewDirectoryOption;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.OptionValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a server's response times while it retrains and while it does not. */
@Command(
        name = "retrain-load",
        description = {
            "Serve the bundled shop with serve --retrain 1m under a constant load, and separate the response times of"
                    + " short intervals with and without a retraining. Prints the median p99 of both kinds and"
                    + " their ratio, then the p99 of each step of the retraining and of the 10 s after it, in which the"
                    + " server loads the new model.",
            "Exit code 1 if the ratio is above 2 or a request failed."
        })
public final class RetrainLoadCommand implements Callable<Integer> {
    private static final double GOAL = 2;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    /** The time after a retraining in which the server loads the new model and rebuilds its users' states. */
    private static final Duration AFTER = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Requests per second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Mixin
    private final CommandSpec numbers = CommandSpec.create();

    private final OptionValue<Integer> intervals = OptionValue.count(
            numbers,
            "--intervals",
            "N",
            40,
            "Number of intervals of each kind to measure (default: ${DEFAULT-VALUE}).");
    private final OptionValue<Integer> seconds = OptionValue.count(
            numbers, "--seconds", "N", 2, "Length of an interval in seconds (default: ${DEFAULT-VALUE}).");
    private final OptionValue<Integer> minutes =
            OptionValue.count(numbers, "--minutes", "N", 20, "Time limit in minutes (default: ${DEFAULT-VALUE}).");

    @Mixin
    private final NewDirectoryOption out = new NewDirectoryOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ShopServer.Shop shop = ShopServer.Shop.create(Checkout.current(), out.create());
        List<Double> idle = new ArrayList<>();
        List<Double> training = new ArrayList<>();
        Map<String, List<Double>> bySteps = new LinkedHashMap<>();
        long failed = 0;
        try (ShopServer server = new ShopServer(shop, "--retrain", "1m")) {
            Duration time = Duration.ofSeconds(seconds.value());
            long end = System.nanoTime() + Duration.ofMinutes(minutes.value()).toNanos();
            // During the first part the JIT compiler compiles the server's code.
            new LoadGenerator(server.load(rate, WARM_UP, Duration.ZERO, 0), new Silence()).run();
            long lastRetraining = System.nanoTime() - AFTER.toNanos();
            for (long seed = 1;
                    System.nanoTime() < end && (idle.size() < intervals.value() || training.size() < intervals.value());
                    seed++) {
                Optional<String> before = server.retrainingStep();
                LoadResult result =
                        new LoadGenerator(server.load(rate, time, Duration.ZERO, seed), new Silence()).run();
                failed += result.failed();
                Optional<String> after = server.retrainingStep();
                double p99 = result.all().p99();
                if (before.isPresent() && after.isPresent()) {
                    training.add(p99);
                    bySteps.computeIfAbsent(
                                    before.equals(after) ? before.get() : "from one step to the next",
                                    step -> new ArrayList<>())
                            .add(p99);
                } else if (System.nanoTime() - lastRetraining < AFTER.toNanos()) {
                    bySteps.computeIfAbsent("after it", step -> new ArrayList<>())
                            .add(p99);
                } else if (before.isEmpty() && after.isEmpty()) {
                    idle.add(p99);
                }
                lastRetraining = after.isPresent() ? System.nanoTime() : lastRetraining;
            }
        }
        if (idle.isEmpty() || training.isEmpty()) {
            throw new UserFacingException("in " + minutes.value() + " minutes there were " + idle.size()
                    + " intervals without a retraining and " + training.size() + " within one: see "
                    + shop.directory().resolve("server.log"));
        }
        double still = Median.of(idle.stream().mapToDouble(Double::doubleValue).toArray());
        double busy =
                Median.of(training.stream().mapToDouble(Double::doubleValue).toArray());
        PrintWriter print = spec.commandLine().getOut();
        print.println(Text.format(
                "p99, median of intervals of %d s at %.0f requests a second: %.2f ms without a retraining (%d intervals),"
                        + " %.2f ms within one (%d), ratio %.2f; failed requests: %d",
                seconds.value(), rate, still, idle.size(), busy, training.size(), busy / still, failed));
        bySteps.forEach((step, p99s) -> {
            double median =
                    Median.of(p99s.stream().mapToDouble(Double::doubleValue).toArray());
            print.println(Text.format("  %-34s %6.2f ms, %.2f times (%d)", step, median, median / still, p99s.size()));
        });
        print.flush();
        return failed == 0 && busy <= GOAL * still ? 0 : 1;
    }
}
