package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.io.PrintWriter;

/** Shows the progress of training: a live line during an epoch, and a row of a table after it. */
public final class TrainProgress implements TrainingListener {
    private final PrintWriter out;
    private final ProgressLine line;
    private double tokensPerCase;

    public TrainProgress(PrintWriter out, ProgressLine line) {
        this.out = out;
        this.line = line;
    }

    @Override
    public void started(long cases, long tokens, TrainingState state) {
        tokensPerCase = (double) tokens / cases;
        out.println("epoch     loss    HR@10  NDCG@10   train s   valid s    cases/s   tokens/s");
        double best = Double.NEGATIVE_INFINITY;
        for (EpochRecord earlier : state.history()) {
            boolean better = Double.isNaN(earlier.ndcg()) || earlier.ndcg() > best;
            best = better ? earlier.ndcg() : best;
            print(earlier, better);
        }
        out.flush();
    }

    @Override
    public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
        line.show(() -> Text.format(
                "epoch %d  %d %%  loss %.4f  %,.0f cases/s  %,.0f tokens/s  ETA %s",
                epoch,
                100 * cases / allCases,
                loss,
                casesPerSecond,
                casesPerSecond * tokensPerCase,
                Text.clock((allCases - cases) / casesPerSecond)));
    }

    @Override
    public void validating(int epoch, int done, int total) {
        line.show(() -> Text.format("epoch %d  validating %3d %%", epoch, 100L * done / total));
    }

    @Override
    public void secondStage() {
        line.show(() -> "counting tables and fitting the output layer");
    }

    @Override
    public void finished(EpochRecord epoch, boolean best, TrainingState state) {
        line.clear();
        print(epoch, best);
        out.flush();
    }

    private void print(EpochRecord epoch, boolean best) {
        out.println(Text.format(
                        "%5d %8.4f %8s %8s %9.1f %9.1f %,10.0f %,10.0f %s",
                        epoch.epoch(),
                        epoch.loss(),
                        share(epoch.hitRate()),
                        share(epoch.ndcg()),
                        epoch.trainSeconds(),
                        epoch.validationSeconds(),
                        epoch.casesPerSecond(),
                        epoch.tokensPerSecond(),
                        best ? "*" : "")
                .stripTrailing());
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "-" : Text.format("%.4f", value);
    }
}
