package io.github.ttt4rec.lab.compare;

import com.fasterxml.jackson.annotation.JsonAlias;

/**
 * One run of a comparison.
 *
 * @param method its name; {@code entrant} in files of older versions
 * @param seed of everything random
 * @param fraction of the users it is trained on, above 0 and at most 1
 */
public record RunKey(@JsonAlias("entrant") String method, long seed, double fraction) {
    /** The name of its directory. */
    public String directory() {
        return method + "-" + seed + (fraction == 1 ? "" : "-of-" + fraction);
    }

    /** For people. */
    public String describe() {
        return method + ", seed " + seed
                + (fraction == 1 ? "" : ", " + Math.round(fraction * 100) + " % of the training users");
    }
}
