package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.data.EventTime;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Decides which events are kept. The kept ones of a user's n events depend only on n, so that every reader sees the
 * same events, whether earlier ones have already been removed or not.
 */
final class Retention {
    /** The number of users that may always be forgotten in one round. */
    private static final long FEW = 100;

    private final StoreConfig config;
    private final InstantSource clock;

    Retention(StoreConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Returns the first kept position of {@code n} events. Events are removed in steps of an eighth of the maximum,
     * because finding their ids requires reading all events of the user.
     */
    long firstKept(long n) {
        long most = config.maxEventsPerUser();
        if (most == 0 || n <= most) {
            return 0;
        }
        long step = Math.max(1, most / 8);
        return (n - most) / step * step;
    }

    /** Returns the current hour, counted from the epoch. */
    long hour() {
        return Math.floorDiv(
                clock.instant().getEpochSecond(), Duration.ofHours(1).toSeconds());
    }

    /** Returns the current time in epoch microseconds. */
    long micros() {
        return EventTime.micros(clock.instant());
    }

    /** Returns the hour before which a user's last event makes the user idle; no user is idle if there is no limit. */
    long firstActiveHour() {
        long hours = config.idleUserTtl().toHours();
        return hours > 0 ? hour() - hours : Long.MIN_VALUE;
    }

    /** Returns whether a user whose last event was in that hour is idle. */
    boolean isIdle(long activeHour) {
        return activeHour < firstActiveHour();
    }

    /** Returns how many of {@code users} may be forgotten in one round. */
    long maxForgotten(long users) {
        return Math.max(FEW, users * config.maxForgottenPercent() / 100);
    }
}
