package io.github.ttt4rec.lab.compare;

/**
 * One run of a comparison.
 *
 * @param entrant its name
 * @param seed of everything random
 * @param fraction of the users it is trained on, above 0 and at most 1
 */
public record RunKey(String entrant, long seed, double fraction) {
    /** The name of its directory. */
    public String directory() {
        return entrant + "-" + seed + (fraction == 1 ? "" : "-of-" + fraction);
    }

    /** For people. */
    public String describe() {
        return entrant + ", seed " + seed
                + (fraction == 1 ? "" : ", " + Math.round(fraction * 100) + " % of the training users");
    }
}
