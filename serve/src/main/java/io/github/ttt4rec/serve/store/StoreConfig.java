package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.internal.Ranges;
import java.time.Duration;

/**
 * The configuration of the store.
 *
 * @param durability the failures that an acknowledged event survives
 * @param maxEventsPerUser the number of recent events to keep for each user, and at most an eighth more; 0 keeps all.
 *     Duplicates are detected among the kept events
 * @param idleUserTtl the time without an event after which a user is forgotten; zero keeps users for ever. Counted in
 *     whole hours
 * @param maxForgottenPercent the maximum percentage of users that may be forgotten in one round because they are idle.
 *     If more are idle, none is forgotten, because a wrong clock is more likely
 */
public record StoreConfig(Durability durability, long maxEventsPerUser, Duration idleUserTtl, int maxForgottenPercent) {
    /** The default percentage of users that may be forgotten in one round. */
    public static final int DEFAULT_FORGOTTEN_PERCENT = 10;

    /** Creates a configuration with the default percentage of users that may be forgotten in one round. */
    public StoreConfig(Durability durability, long maxEventsPerUser, Duration idleUserTtl) {
        this(durability, maxEventsPerUser, idleUserTtl, DEFAULT_FORGOTTEN_PERCENT);
    }

    /** Validates the numbers. */
    public StoreConfig {
        Ranges.require(maxEventsPerUser >= 0, "max_events_per_user must be 0 (keep all) or more");
        Ranges.require(
                idleUserTtl.isZero() || idleUserTtl.compareTo(Duration.ofHours(1)) >= 0,
                "idle_user_ttl must be 0 (for ever) or at least an hour");
        Ranges.require(
                maxForgottenPercent > 0 && maxForgottenPercent <= 100, "max_forgotten_percent must be from 1 to 100");
    }

    /** Full durability, everything kept for ever. */
    public static StoreConfig defaults() {
        return new StoreConfig(Durability.FULL, 0, Duration.ZERO);
    }
}
