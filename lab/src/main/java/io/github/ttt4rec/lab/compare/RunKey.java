package io.github.ttt4rec.lab.compare;

import com.fasterxml.jackson.annotation.JsonAlias;

/**
 * One run of a comparison.
 *
 * @param method the method's name, stored as {@code entrant} by older versions
 * @param seed the seed of all random numbers
 * @param fraction the fraction of the users it is trained on, above 0 and at most 1
 */
public record RunKey(@JsonAlias("entrant") String method, long seed, double fraction) {
    /** The name of the run's directory. */
    public String directory() {
        return method + "-" + seed + (fraction == 1 ? "" : "-of-" + fraction);
    }

    /** The run's name for people. */
    public String describe() {
        return method + ", seed " + seed
                + (fraction == 1 ? "" : ", " + Math.round(fraction * 100) + " % of the training users");
    }
}
