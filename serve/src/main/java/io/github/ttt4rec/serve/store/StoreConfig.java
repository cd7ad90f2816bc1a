package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.Ranges;
import java.time.Duration;

/**
 * How the store keeps events.
 *
 * @param durability what an acknowledged event survives
 * @param maxEventsPerUser of each user the last events kept, at least so many and at most an eighth more; 0 keeps all.
 *     De-duplication reaches back as far as the events kept
 * @param idleUserTtl users without an event for so long are forgotten; zero keeps them for ever. Counted in whole hours
 */
public record StoreConfig(Durability durability, long maxEventsPerUser, Duration idleUserTtl) {
    /** Checks the numbers. */
    public StoreConfig {
        Ranges.require(maxEventsPerUser >= 0, "max_events_per_user must be 0 (keep all) or more");
        Ranges.require(
                idleUserTtl.isZero() || idleUserTtl.compareTo(Duration.ofHours(1)) >= 0,
                "idle_user_ttl must be 0 (for ever) or at least an hour");
    }

    /** Full durability, everything kept for ever. */
    public static StoreConfig defaults() {
        return new StoreConfig(Durability.FULL, 0, Duration.ZERO);
    }
}
