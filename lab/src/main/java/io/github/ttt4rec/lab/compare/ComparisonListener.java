package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.train.TrainingListener;

/** Is told how a comparison goes. */
public interface ComparisonListener {
    /** A listener that says nothing. */
    ComparisonListener SILENT = new ComparisonListener() {};

    /** A run was finished before; {@code number} of {@code all}, from 1. */
    default void skipped(int number, int all, RunResult result) {}

    /** A run begins, or continues if {@code resumed}. */
    default void started(int number, int all, RunKey key, boolean resumed) {}

    /** Who is told how the training of a run goes. */
    default TrainingListener training(RunKey key) {
        return TrainingListener.SILENT;
    }

    /** {@code done} of {@code total} test cases of the run are ranked. */
    default void testing(RunKey key, int done, int total) {}

    /**
     * A run is finished and saved.
     *
     * @param remainingSeconds an estimate for all runs that are left; NaN if one of them is of a kind (network or
     *     memory-based) that has no finished run yet
     */
    default void finished(int number, int all, RunResult result, double remainingSeconds) {}
}
