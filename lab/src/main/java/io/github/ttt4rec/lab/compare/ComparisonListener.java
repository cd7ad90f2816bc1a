package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.train.TrainingListener;

/** Receives the progress of a comparison. */
public interface ComparisonListener {
    /** A listener that ignores everything. */
    ComparisonListener SILENT = new ComparisonListener() {};

    /** Run {@code number} (from 1) of {@code all} was finished earlier. */
    default void skipped(int number, int all, RunResult result) {}

    /** A run starts, or continues if {@code resumed}. */
    default void started(int number, int all, RunKey key, boolean resumed) {}

    /** The listener for the training of a run. */
    default TrainingListener training(RunKey key) {
        return TrainingListener.SILENT;
    }

    /** {@code done} of {@code total} test cases of the run are ranked. */
    default void testing(RunKey key, int done, int total) {}

    /**
     * A run is finished and saved.
     *
     * @param remainingSeconds an estimate for all remaining runs; NaN if one of them is of a kind (network or
     *     memory-based) without a finished run
     */
    default void finished(int number, int all, RunResult result, double remainingSeconds) {}

    /** A run cannot be made; {@code reason} is one line. */
    default void failed(int number, int all, RunKey key, String reason) {}
}
