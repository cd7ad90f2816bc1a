package io.github.ttt4rec.internal;

/** Checks of configured values; each throws {@link IllegalArgumentException} if its condition does not hold. */
public final class Ranges {
    private Ranges() {}

    /** Throws {@link IllegalArgumentException} with the message if the condition does not hold. */
    public static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Throws if a dropout rate is not in [0, 1). */
    public static void requireRate(double rate, String name) {
        require(rate >= 0 && rate < 1, name + " must be in [0, 1)");
    }
}
