package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.benchmarks.option.Checkout;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts a server, runs a campaign of faults against it, and reports. */
@Command(
        name = "chaos",
        description = {
            "Start a server, cause many kinds of faults, and compare its state with the events that it acknowledged.",
            "The seed determines kills and other faults; after each one, every acknowledged event must be stored"
                    + " exactly once, at its position. Exits with 1 if it finds an error. Full and read-only"
                    + " disks need root, a failing disk needs strace, and jumps of the clock need libfaketime;"
                    + " the report names faults that were left out."
        })
public final class ChaosCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the campaign (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--kills",
            defaultValue = "5",
            description = "Number of kills, by kill -9 (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--faults",
            defaultValue = "14",
            description = "Number of other faults (default: ${DEFAULT-VALUE}).")
    private int faults;

    @Option(
            names = "--fuzz",
            defaultValue = "500",
            description = "Number of malformed requests (default: ${DEFAULT-VALUE}).")
    private int fuzz;

    @Override
    public Integer call() throws IOException {
        List<String> server = Checkout.current().launcher();
        PrintWriter err = spec.commandLine().getErr();
        Path directory = Files.createTempDirectory("ttt4rec-chaos-");
        Campaign.Report report;
        try (Campaign campaign = new Campaign(server, directory, seed, line -> {
            err.println(line);
            err.flush();
        })) {
            report = campaign.run(kills, others(faults), fuzz);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("seed " + seed + ": " + report.acknowledged() + " events acknowledged, " + report.repeated()
                + " sent again after a fault, longest answer " + report.longestMillis() + " ms");
        report.done().forEach((fault, count) -> out.println("  " + fault + " " + count));
        report.fuzzed().forEach((kind, answers) -> out.println("  odd requests over " + kind + ": " + answers));
        report.leftOut().forEach(line -> out.println("  left out: " + line));
        report.wrong().forEach(line -> out.println("WRONG " + line));
        out.println(
                report.wrong().isEmpty() ? "nothing is wrong" : report.wrong().size() + " things are wrong");
        return report.wrong().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Returns this many faults, all kinds in turn. */
    private static List<Fault> others(int count) {
        List<Fault> kinds =
                Arrays.stream(Fault.values()).filter(kind -> kind != Fault.KILL).toList();
        return IntStream.range(0, count)
                .mapToObj(i -> kinds.get(i % kinds.size()))
                .toList();
    }
}
