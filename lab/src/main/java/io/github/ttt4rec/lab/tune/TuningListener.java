package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.train.TrainingListener;
import java.util.Map;

/** Is told how a search goes. */
public interface TuningListener {
    /** A listener that says nothing. */
    TuningListener SILENT = new TuningListener() {};

    /** A trial begins, or continues if {@code resumed}. */
    default void started(int number, Map<String, Object> values, boolean resumed) {}

    /** Who is told how the training of a trial goes. */
    default TrainingListener training(int number) {
        return TrainingListener.SILENT;
    }

    /** {@code done} of {@code total} validation cases are ranked, of a trial without training. */
    default void validating(int number, int done, int total) {}

    /** {@code done} of {@code total} test cases are ranked. */
    default void testing(int done, int total) {}

    /** A trial is over and saved; {@code best} says whether it is the best so far. */
    default void finished(Trial trial, boolean best) {}
}
