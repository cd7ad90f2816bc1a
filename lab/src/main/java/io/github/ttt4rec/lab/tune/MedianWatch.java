package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forwards the progress of a training, and stops the training if the {@link MedianRule} says so. */
final class MedianWatch implements TrainingListener {
    private final TuningPlan plan;
    private final TrainingListener told;
    private final List<Trial> before;
    private @Nullable Training watched;
    private boolean bad;

    MedianWatch(TuningPlan plan, TrainingListener told, List<Trial> before) {
        this.plan = plan;
        this.told = told;
        this.before = before;
    }

    /** Sets the training to stop. */
    void watch(Training training) {
        watched = training;
    }

    /** Returns whether the rule stopped the training. */
    boolean isBad() {
        return bad;
    }

    private void judge(TrainingState state) {
        if (plan.medianRule() && MedianRule.stops(Attempts.curve(state), before) && watched != null) {
            bad = true;
            watched.requestStop();
        }
    }

    /** Checks the rule at once, because a resumed training may have been interrupted just after it was stopped. */
    @Override
    public void started(long cases, long tokens, TrainingState state) {
        told.started(cases, tokens, state);
        judge(state);
    }

    @Override
    public void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {
        told.stepped(epoch, cases, allCases, loss, casesPerSecond);
    }

    @Override
    public void validating(int epoch, int done, int total) {
        told.validating(epoch, done, total);
    }

    @Override
    public void finished(EpochRecord epoch, boolean best, TrainingState state) {
        told.finished(epoch, best, state);
        judge(state);
    }
}
