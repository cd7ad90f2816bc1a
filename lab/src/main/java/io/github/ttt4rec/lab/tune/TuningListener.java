package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.train.TrainingListener;
import java.util.Map;

/** Receives the progress of a search. */
public interface TuningListener {
    /** A listener that ignores everything. */
    TuningListener SILENT = new TuningListener() {};

    /** A trial starts, or continues if {@code resumed}. */
    default void started(int number, Map<String, Object> values, boolean resumed) {}

    /** The listener for the training of a trial. */
    default TrainingListener training(int number) {
        return TrainingListener.SILENT;
    }

    /** {@code done} of {@code total} test cases are ranked. */
    default void testing(int done, int total) {}

    /** A trial has ended and is saved; {@code best} tells whether it is the best so far. */
    default void finished(Trial trial, boolean best) {}
}
