package io.github.ttt4rec.baseline;

/** Checks of configured values. */
final class Ranges {
    private Ranges() {}

    /** Throws {@link IllegalArgumentException} with the message where the condition does not hold. */
    static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** For a dropout rate. */
    static void requireRate(double rate, String name) {
        require(rate >= 0 && rate < 1, name + " must be in [0, 1)");
    }
}
