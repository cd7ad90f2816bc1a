package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Values to try.
 *
 * @param passedOver combinations drawn before that contradict themselves
 */
record Proposal(Map<String, Object> values, RunConfig config, int passedOver) {
    /** Draws, of each kind, before a combination not tried yet is given up. */
    private static final int DRAWS = 1000;

    /** The next values to try after these trials; empty if nothing new is left. */
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
            // An estimator may insist on what was tried already.
            Search search = draw < DRAWS ? plan.search() : Search.RANDOM;
            Map<String, Object> values = search.propose(plan.space(), trials, random);
            if (trials.stream().anyMatch(trial -> trial.values().equals(values))) {
                continue;
            }
            try {
                return Optional.of(
                        new Proposal(values, RunConfigs.with(plan.config(), values, "trial " + number), passedOver));
            } catch (UserFacingException contradiction) {
                // Such as a hidden size that does not divide by the number of heads; counted, and reported with the
                // trial.
                passedOver++;
            }
        }
        return Optional.empty();
    }
}
