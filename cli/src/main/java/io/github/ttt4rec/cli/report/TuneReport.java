package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.lab.tune.Finding;
import io.github.ttt4rec.lab.tune.SearchSpace;
import io.github.ttt4rec.lab.tune.Trial;
import io.github.ttt4rec.lab.tune.Tuning;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.util.List;

/** Prints the results of a search as tables. */
public final class TuneReport {
    private static final int BEST_TRIALS = 5;

    private TuneReport() {}

    /**
     * Prints the best trials, the number of trials with each outcome, and for each setting its best value, the range
     * among the best trials and the range searched.
     */
    public static void print(PrintWriter out, List<Trial> trials, SearchSpace space) {
        List<Trial> finished = trials.stream()
                .filter(trial -> trial.status() == Trial.Status.FINISHED)
                .sorted(Trial.BEST_FIRST)
                .toList();
        out.println();
        if (finished.isEmpty()) {
            out.println("No trial has a result yet.");
            return;
        }
        out.println("Best trials, by validation " + Tuning.OBJECTIVE + ":");
        for (Trial trial : finished.subList(0, Math.min(BEST_TRIALS, finished.size()))) {
            out.println(Text.format("%5d  %s", trial.number(), TuneProgress.result(trial)));
            Text.wrap("       ", TuneProgress.values(space, trial.values())).forEach(out::println);
        }
        long stopped = count(trials, Trial.Status.STOPPED);
        long failed = count(trials, Trial.Status.FAILED);
        out.println(Text.format(
                "%s in %s%s%s",
                Text.count(trials.size(), "trial"),
                Text.duration(trials.stream().mapToDouble(Trial::seconds).sum()),
                stopped == 0 ? "" : Text.format(", %d stopped early", stopped),
                failed == 0 ? "" : Text.format(", %d failed", failed)));
        out.println();
        out.println("Setting            best       best quarter of trials   searched");
        for (Finding finding : Finding.of(space, trials)) {
            out.println(Text.format(
                    "%-18s %-10s %-24s %s%s",
                    finding.name(),
                    finding.best(),
                    finding.good(),
                    finding.searched(),
                    finding.atEdge() ? ", best at its edge" : ""));
        }
    }

    private static long count(List<Trial> trials, Trial.Status status) {
        return trials.stream().filter(trial -> trial.status() == status).count();
    }
}
