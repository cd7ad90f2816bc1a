package io.github.ttt4rec.lab.tune;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** How values are chosen: a function only of the trials so far and of {@code random}. */
public enum Search {
    /** Tree-structured Parzen estimators; see {@link TreeParzen}. */
    TPE {
        @Override
        Map<String, Object> propose(SearchSpace space, List<Trial> trials, RandomGenerator random) {
            return TreeParzen.propose(space, trials, random);
        }
    },
    /** Random values, independent of earlier trials (Bergstra and Bengio 2012). */
    RANDOM {
        @Override
        Map<String, Object> propose(SearchSpace space, List<Trial> trials, RandomGenerator random) {
            return space.sample(random);
        }
    };

    /** The values to try after {@code trials}, by path. */
    abstract Map<String, Object> propose(SearchSpace space, List<Trial> trials, RandomGenerator random);
}
