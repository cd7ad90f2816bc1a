package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.lab.compare.ComparisonListener;
import io.github.ttt4rec.lab.compare.Results;
import io.github.ttt4rec.lab.compare.RunKey;
import io.github.ttt4rec.lab.compare.RunResult;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.io.PrintWriter;

/** Shows the progress of a comparison: a line for each run and each epoch, and a live line in between. */
public final class CompareProgress implements ComparisonListener {
    private final PrintWriter out;
    private final ProgressLine line;

    public CompareProgress(PrintWriter out, ProgressLine line) {
        this.out = out;
        this.line = line;
    }

    @Override
    public void skipped(int number, int all, RunResult result) {
        println(Text.format(
                "[%d/%d] %s: finished before, %s", number, all, result.key().describe(), headline(result)));
    }

    @Override
    public void started(int number, int all, RunKey key, boolean resumed) {
        println(Text.format("[%d/%d] %s%s", number, all, key.describe(), resumed ? ": continuing" : ""));
    }

    @Override
    public TrainingListener training(RunKey key) {
        return new TrainingListener() {
            @Override
            public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
                line.show(() -> Text.format(
                        "%s  epoch %d  %d %%  loss %.4f  %,.0f cases/s",
                        key.method(), epoch, 100 * cases / allCases, loss, casesPerSecond));
            }

            @Override
            public void validating(int epoch, int done, int total) {
                line.show(
                        () -> Text.format("%s  epoch %d  validating %d %%", key.method(), epoch, 100L * done / total));
            }

            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                println(Text.format(
                                "  epoch %3d  loss %.4f  %s %s  %s %s",
                                epoch.epoch(),
                                epoch.loss(),
                                Results.HEADLINE,
                                Double.isNaN(epoch.ndcg()) ? "-" : Text.format("%.4f", epoch.ndcg()),
                                Text.duration(epoch.trainSeconds() + epoch.validationSeconds()),
                                best ? "*" : "")
                        .stripTrailing());
            }
        };
    }

    @Override
    public void testing(RunKey key, int done, int total) {
        line.show(() -> Text.format("%s  testing %d %%", key.method(), 100L * done / total));
    }

    @Override
    public void finished(int number, int all, RunResult result, double remainingSeconds) {
        println(Text.format(
                "  test %s in %s%s",
                headline(result),
                Text.duration(result.times().wholeSeconds()),
                number < all ? "; " + remaining(remainingSeconds) : ""));
    }

    @Override
    public void failed(int number, int all, RunKey key, String reason) {
        println("  failed: " + reason);
    }

    private static String remaining(double seconds) {
        return Double.isNaN(seconds)
                ? "remaining time not known yet"
                : Text.format("about %s left", Text.duration(seconds));
    }

    private static String headline(RunResult result) {
        return Text.format(
                "HR@10 %.4f  %s %.4f", result.value("HR@10"), Results.HEADLINE, result.value(Results.HEADLINE));
    }

    private void println(String text) {
        line.clear();
        out.println(text);
        out.flush();
    }
}
