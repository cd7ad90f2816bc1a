package io.github.ttt4rec.benchmarks.load;

import io.github.ttt4rec.benchmarks.option.Checkout;
import io.github.ttt4rec.benchmarks.option.NewDirectoryOption;
import io.github.ttt4rec.terminal.option.OptionValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares servers that rank a sample of the events, or learn from each event, with one that does neither. */
@Command(
        name = "quality-cost",
        description = {
            "Put the same load on servers in turn: without ranking events, with the default sample, and with a"
                    + " catalogue that"
                    + " learns from each event; several rounds. Prints the processor time of each server for a request, the"
                    + " median of the rounds, and its ratio to the first. Any processor time added for a request is"
                    + " lost to throughput once all processors are busy.",
        })
public final class QualityCostCommand implements Callable<Integer> {
    /** The servers: a name, then options. */
    private static final List<List<String>> SERVERS = List.of(
            List.of("no ranking", "--quality-sample", "0"),
            List.of("default sample", "--quality-sample", "0.02"),
            List.of("each event learned", "--quality-sample", "0", "--live-catalogue", "each-event"));

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Requests per second (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Mixin
    private final CommandSpec numbers = CommandSpec.create();

    private final OptionValue<Integer> seconds = OptionValue.count(
            numbers, "--seconds", "N", 20, "Seconds for each server and round (default: ${DEFAULT-VALUE}).");
    private final OptionValue<Integer> rounds =
            OptionValue.count(numbers, "--rounds", "N", 5, "Rounds (default: ${DEFAULT-VALUE}).");

    @Mixin
    private final NewDirectoryOption out = new NewDirectoryOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ShopServer.Shop shop = ShopServer.Shop.create(Checkout.current(), out.create());
        PrintWriter print = spec.commandLine().getOut();
        double[][] micros = new double[SERVERS.size()][rounds.value()];
        long failed = 0;
        for (int round = 0; round < rounds.value(); round++) {
            for (int i = 0; i < SERVERS.size(); i++) {
                List<String> words = SERVERS.get(i);
                String[] options = words.subList(1, words.size()).toArray(String[]::new);
                try (ShopServer server = new ShopServer(shop, options)) {
                    Duration time = Duration.ofSeconds(seconds.value());
                    // During the first part the JIT compiler compiles the server's code.
                    new LoadGenerator(server.load(rate, time, Duration.ZERO, round), new Silence()).run();
                    double before = server.processorSeconds();
                    LoadResult result = new LoadGenerator(
                                    server.load(rate, time, Duration.ZERO, rounds.value() + round), new Silence())
                            .run();
                    micros[i][round] = 1e6 * (server.processorSeconds() - before) / result.requests();
                    failed += result.failed();
                }
            }
        }
        double base = Median.of(micros[0]);
        print.println("| server | processor time for a request, median of " + rounds.value() + " | to the first |");
        print.println("|---|---|---|");
        for (int i = 0; i < SERVERS.size(); i++) {
            print.println(String.format(
                    Locale.ROOT,
                    "| %s | %.1f µs | %.3f |",
                    SERVERS.get(i).getFirst(),
                    Median.of(micros[i]),
                    Median.of(micros[i]) / base));
        }
        print.println("failed requests: " + failed);
        print.flush();
        return failed == 0 ? 0 : 1;
    }
}
