package io.github.ttt4rec.train;

/** Receives the progress of training. All calls come from the training thread. */
public interface TrainingListener {
    /** A listener that ignores everything. */
    TrainingListener SILENT = new TrainingListener() {};

    /** Called before the first step with the numbers of cases and of inputs (tokens) per epoch. */
    default void started(long cases, long tokens, TrainingState state) {}

    /**
     * Called after each step.
     *
     * @param epoch the number of the epoch, from 1
     * @param cases the number of cases done in this epoch
     * @param allCases the number of cases per epoch
     * @param loss the mean loss over this epoch's cases so far
     * @param casesPerSecond the rate in this epoch, since the last start or resumption
     */
    default void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {}

    /** Called during validation, when {@code done} of {@code total} cases are ranked. */
    default void validating(int epoch, int done, int total) {}

    /** Called after each epoch and its validation. {@code best} tells whether it is the best epoch so far. */
    default void finished(EpochRecord epoch, boolean best, TrainingState state) {}

    /** Called when all epochs are done and the fit of the second stage begins; only for recommenders that have one. */
    default void secondStage() {}
}
