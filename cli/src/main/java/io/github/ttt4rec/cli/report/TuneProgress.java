package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.lab.tune.Domain;
import io.github.ttt4rec.lab.tune.SearchSpace;
import io.github.ttt4rec.lab.tune.Trial;
import io.github.ttt4rec.lab.tune.Tuning;
import io.github.ttt4rec.lab.tune.TuningListener;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Shows the progress of a search: the values and the result of each trial, and a live line in between. */
public final class TuneProgress implements TuningListener {
    private final PrintWriter out;
    private final ProgressLine line;
    private final SearchSpace space;

    public TuneProgress(PrintWriter out, ProgressLine line, SearchSpace space) {
        this.out = out;
        this.line = line;
        this.space = space;
    }

    /** Formats values with the names of their settings, in the order of the search space. */
    static String values(SearchSpace space, Map<String, Object> values) {
        return space.dimensions().stream()
                .map(dimension ->
                        dimension.name() + "=" + Domain.text(Objects.requireNonNull(values.get(dimension.path()))))
                .collect(Collectors.joining(" "));
    }

    /** Formats the outcome of a trial. */
    public static String result(Trial trial) {
        String at = trial.bestEpoch() == 0
                ? ""
                : Text.format(
                        "  epoch %d of %d", trial.bestEpoch(), trial.curve().size());
        String took = "  " + Text.duration(trial.seconds());
        return switch (trial.status()) {
            case FINISHED -> scores(trial) + at + took;
            case STOPPED -> scores(trial) + at + took + "  stopped: below the median";
            case FAILED -> "failed, training diverged in " + trial.reason();
        };
    }

    private static String scores(Trial trial) {
        return Text.format(
                "%s %.4f  HR@10 %.4f", Tuning.OBJECTIVE, trial.score(), Objects.requireNonNull(trial.hitRate()));
    }

    @Override
    public void started(int number, Map<String, Object> values, boolean resumed) {
        line.clear();
        Text.wrap(Text.format("[%d] ", number), values(space, values) + (resumed ? " (continuing)" : ""))
                .forEach(out::println);
        out.flush();
    }

    @Override
    public TrainingListener training(int number) {
        return new TrainingListener() {
            // The score of the last epoch, shown behind the progress of the next one.
            private String last = "";

            @Override
            public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
                line.show(() -> Text.format(
                        "trial %d  epoch %d  %d %%  loss %.4f  %,.0f cases/s%s",
                        number, epoch, 100 * cases / allCases, loss, casesPerSecond, last));
            }

            @Override
            public void validating(int epoch, int done, int total) {
                line.show(
                        () -> Text.format("trial %d  epoch %d  validating %d %%", number, epoch, 100L * done / total));
            }

            @Override
            public void finished(EpochRecord epoch, boolean best, TrainingState state) {
                last = Text.format("  %s %.4f", Tuning.OBJECTIVE, state.bestNdcg());
            }
        };
    }

    @Override
    public void testing(int done, int total) {
        line.show(() -> Text.format("testing %d %%", 100L * done / total));
    }

    @Override
    public void finished(Trial trial, boolean best) {
        line.clear();
        out.println("     " + result(trial) + (best ? "  *" : ""));
        if (trial.passedOver() > 0) {
            out.println(Text.format(
                    "     (%s drawn before, which no model can have)", Text.count(trial.passedOver(), "combination")));
        }
        out.flush();
    }
}
