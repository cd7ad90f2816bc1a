package io.github.ttt4rec.train;

/** Receives the progress of training. All calls come from the training thread. */
public interface TrainingListener {
    /** A listener that ignores everything. */
    TrainingListener SILENT = new TrainingListener() {};

    /** Before the first step: how many cases an epoch has, and how many inputs (tokens) pass through the network. */
    default void started(long cases, long tokens, TrainingState state) {}

    /**
     * After each step.
     *
     * @param epoch number of the epoch, from 1
     * @param cases cases of this epoch done
     * @param allCases cases of an epoch
     * @param loss mean loss of this epoch's cases so far
     * @param casesPerSecond rate since this run of the epoch began
     */
    default void stepped(int epoch, long cases, long allCases, double loss, double casesPerSecond) {}

    /** While validating: {@code done} of {@code total} cases. */
    default void validating(int epoch, int done, int total) {}

    /** After each epoch, validated. {@code best} says whether it is the best so far. */
    default void finished(EpochRecord epoch, boolean best, TrainingState state) {}

    /** All epochs are done, and the second stage is about to be fitted; only for recommenders that have one. */
    default void secondStage() {}
}
