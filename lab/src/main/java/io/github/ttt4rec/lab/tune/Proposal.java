package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The values for the next trial.
 *
 * @param passedOver the number of inconsistent combinations drawn before
 */
record Proposal(Map<String, Object> values, RunConfig config, int passedOver) {
    /** The number of draws per search method before giving up on finding an untried combination. */
    private static final int DRAWS = 1000;

    /** The values to try after these trials; empty if there are no untried ones. */
    static Optional<Proposal> next(TuningPlan plan, List<Trial> trials) {
        int number = trials.size() + 1;
        Map<String, Object> own = plan.space().valuesOf(plan.config());
        if (number == 1 && plan.space().contains(own)) {
            return Optional.of(new Proposal(own, plan.config(), 0));
        }
        if (trials.size() >= plan.space().size()) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom(plan.seed());
        for (int i = 1; i < number; i++) {
            random = random.split();
        }
        int passedOver = 0;
        for (int draw = 0; draw < 2 * DRAWS; draw++) {
            // If the estimator keeps proposing combinations that were tried already, random draws follow.
            Search search = draw < DRAWS ? plan.search() : Search.RANDOM;
            Map<String, Object> values = search.propose(plan.space(), trials, random);
            if (trials.stream().anyMatch(trial -> trial.values().equals(values))) {
                continue;
            }
            try {
                return Optional.of(
                        new Proposal(values, RunConfigs.with(plan.config(), values, "trial " + number), passedOver));
            } catch (UserFacingException contradiction) {
                // For example a hidden size that is not divisible by the number of heads; counted and reported with the
                // trial.
                passedOver++;
            }
        }
        return Optional.empty();
    }
}
