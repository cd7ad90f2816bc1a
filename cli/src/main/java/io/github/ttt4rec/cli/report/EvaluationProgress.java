package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Text;

/** Shows the progress of an evaluation. */
public final class EvaluationProgress implements Evaluator.Progress {
    private final ProgressLine line;
    private final String what;
    private final long start = System.nanoTime();

    /** Creates a display on {@code line} of the evaluation of {@code what}. */
    public EvaluationProgress(ProgressLine line, String what) {
        this.line = line;
        this.what = what;
    }

    @Override
    public void ranked(int done, int total) {
        line.show(() -> {
            double seconds = (System.nanoTime() - start) / 1e9;
            double rate = done / seconds;
            return Text.format(
                    "%s %3d %%  %,d of %,d cases  %,.0f cases/s  ETA %s",
                    what, 100L * done / total, done, total, rate, Text.clock((total - done) / rate));
        });
    }
}
