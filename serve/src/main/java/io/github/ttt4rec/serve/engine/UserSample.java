package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.random.SplitMix;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The users that count, if memory does not suffice for all: half of them by a hash of the user's id, then half of those
 * that are left, and so on. So the sample does not depend on the order of users, and every user who counts counts whole.
 * Not thread-safe.
 */
final class UserSample {
    /** One in 2 to the power of this of all users counts. */
    private int halvings;

    boolean includes(String user) {
        return (SplitMix.mix(user.hashCode()) & ((1L << halvings) - 1)) == 0;
    }

    /**
     * Halves the sample while the bound is exceeded.
     *
     * @param users the counts of each user by id; those of users who no longer count are removed
     * @param isTooMuch whether the bound is exceeded
     * @param takeBack removes a user's counts from the sums
     */
    <T> void halve(Map<String, T> users, BooleanSupplier isTooMuch, Consumer<T> takeBack) {
        while (isTooMuch.getAsBoolean() && halvings < Integer.SIZE) {
            halvings++;
            users.entrySet().removeIf(entry -> {
                boolean out = !includes(entry.getKey());
                if (out) {
                    takeBack.accept(entry.getValue());
                }
                return out;
            });
        }
    }
}
