package io.github.ttt4rec.serve.store;

import java.time.Instant;
import java.util.List;

/**
 * The figures of the running experiment, or those that have changed.
 *
 * @param name the experiment
 * @param started the time at which it began, to the microsecond
 * @param arms all arms
 * @param users users with ranked events
 */
public record ExperimentFigures(String name, Instant started, List<Arm> arms, List<User> users) {
    /**
     * An arm.
     *
     * @param name its name
     * @param model identifies the training of its model; has no spaces
     * @param largestRatio the largest likelihood ratio of its sequential test so far
     */
    public record Arm(String name, String model, double largestRatio) {}

    /**
     * A user's ranked events.
     *
     * @param id the user
     * @param events their number; 0 removes the user's figures
     * @param gain the sum of their NDCG@10
     */
    public record User(String id, long events, double gain) {}

    /** Copies the lists. */
    public ExperimentFigures {
        arms = List.copyOf(arms);
        users = List.copyOf(users);
    }
}
