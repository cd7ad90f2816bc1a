package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.UserFacingException;
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

/** Runs a campaign against a server of its own and reports. */
@Command(
        name = "chaos",
        description = {
            "Breaks a server of its own in many ways and compares its state with what it has acknowledged.",
            "Kills and other faults are drawn from the seed; after each, every acknowledged event must be there once, at its"
                    + " place. Exits with 1 if anything is wrong. Full and read-only disks need root, a failing disk needs strace, and"
                    + " jumps of the clock need libfaketime: what is left out is said."
        })
public final class ChaosCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--kills", defaultValue = "5", description = "kill -9 (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(names = "--faults", defaultValue = "14", description = "Other faults (default: ${DEFAULT-VALUE}).")
    private int faults;

    @Option(names = "--fuzz", defaultValue = "500", description = "Odd requests (default: ${DEFAULT-VALUE}).")
    private int fuzz;

    /** For picocli. */
    public ChaosCommand() {}

    @Override
    public Integer call() throws IOException {
        String home = System.getProperty("ttt4rec.home");
        if (home == null) {
            throw new UserFacingException("start this by benchmarks/run chaos: it needs to know where ttt4rec is");
        }
        PrintWriter err = spec.commandLine().getErr();
        Path directory = Files.createTempDirectory("ttt4rec-chaos-");
        Campaign.Report report;
        List<String> server = List.of(Path.of(home, "ttt4rec").toString());
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

    /** So many faults, all kinds in turn. */
    private static List<Fault> others(int count) {
        List<Fault> kinds =
                Arrays.stream(Fault.values()).filter(kind -> kind != Fault.KILL).toList();
        return IntStream.range(0, count)
                .mapToObj(i -> kinds.get(i % kinds.size()))
                .toList();
    }
}
