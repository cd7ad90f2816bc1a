package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;

/**
 * How the store keeps events.
 *
 * @param durability what an acknowledged event survives
 * @param maxEventsPerUser of each user the last events kept, at least so many and at most an eighth more; 0 keeps all.
 *     De-duplication reaches back as far as the events kept
 * @param idleUserTtl users without an event for so long are forgotten; zero keeps them for ever. Counted in whole hours
 * @param maxForgottenPercent the share of all users, in percent, that may be forgotten for being idle in one round: if more
 *     are idle, none is forgotten, for a wrong clock is more likely
 */
public record StoreConfig(Durability durability, long maxEventsPerUser, Duration idleUserTtl, int maxForgottenPercent) {
    /** The share of users that may be forgotten in one round unless something else is said. */
    public static final int DEFAULT_FORGOTTEN_PERCENT = 10;

    /** So few may always be forgotten in one round. */
    private static final long FEW = 100;

    /** With the usual share of users that may be forgotten in one round. */
    public StoreConfig(Durability durability, long maxEventsPerUser, Duration idleUserTtl) {
        this(durability, maxEventsPerUser, idleUserTtl, DEFAULT_FORGOTTEN_PERCENT);
    }

    /** Checks the numbers. */
    public StoreConfig {
        Ranges.require(maxEventsPerUser >= 0, "max_events_per_user must be 0 (keep all) or more");
        Ranges.require(
                idleUserTtl.isZero() || idleUserTtl.compareTo(Duration.ofHours(1)) >= 0,
                "idle_user_ttl must be 0 (for ever) or at least an hour");
        Ranges.require(
                maxForgottenPercent > 0 && maxForgottenPercent <= 100, "max_forgotten_percent must be from 1 to 100");
    }

    /** How many of {@code users} may be forgotten in one round. */
    long maxForgotten(long users) {
        return Math.max(FEW, users * maxForgottenPercent / 100);
    }

    /** Full durability, everything kept for ever. */
    public static StoreConfig defaults() {
        return new StoreConfig(Durability.FULL, 0, Duration.ZERO);
    }
}
