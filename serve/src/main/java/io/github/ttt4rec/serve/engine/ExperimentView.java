package io.github.ttt4rec.serve.engine;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An experiment and its results.
 *
 * @param experiment its definition
 * @param started when it began
 * @param arms its arms, the model in use first
 */
public record ExperimentView(Experiment experiment, Instant started, List<Arm> arms) {
    /**
     * An arm.
     *
     * @param definition its definition
     * @param version the version of its model
     * @param events its users' events that were ranked just before they were stored
     * @param users the users they belong to
     * @param ndcg their NDCG@10
     * @param halfWidth half of its 95 % interval, with users as the independent units; 0 with fewer than two users
     * @param comparison with the first arm; null for that one, and before both have 100 users
     */
    public record Arm(
            Experiment.Arm definition,
            String version,
            long events,
            int users,
            double ndcg,
            double halfWidth,
            @Nullable Comparison comparison) {}

    /**
     * An arm against the first one.
     *
     * @param difference the arm's NDCG@10 less the first one's
     * @param halfWidth half of the 95 % interval that holds at all times, see {@link SequentialTest}
     * @param p the p-value that is valid at all times: it never rises
     * @param eventsNeeded events that the arm still needs to find the smallest effect that matters
     */
    public record Comparison(double difference, double halfWidth, double p, long eventsNeeded) {}
}
