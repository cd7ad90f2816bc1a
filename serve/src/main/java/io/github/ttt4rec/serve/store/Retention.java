package io.github.ttt4rec.serve.store;

import io.github.ttt4rec.data.EventTime;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Which events are kept. Which of a user's n events these are follows from n alone, so that everybody who looks sees the same
 * ones, whether those before have been removed yet or not.
 */
final class Retention {
    private final StoreConfig config;
    private final InstantSource clock;

    Retention(StoreConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * The first position kept of {@code n} events. Events go a step of an eighth of the maximum at a time: to find their ids
     * means reading over all of the user's.
     */
    long firstKept(long n) {
        long most = config.maxEventsPerUser();
        if (most == 0 || n <= most) {
            return 0;
        }
        long step = Math.max(1, most / 8);
        return (n - most) / step * step;
    }

    /** The present hour, counted from the epoch. */
    long hour() {
        return Math.floorDiv(
                clock.instant().getEpochSecond(), Duration.ofHours(1).toSeconds());
    }

    /** The present time in epoch microseconds. */
    long micros() {
        return EventTime.micros(clock.instant());
    }

    /** Users whose last event was before this hour are to be forgotten; none are if there is no limit. */
    long firstActiveHour() {
        long hours = config.idleUserTtl().toHours();
        return hours > 0 ? hour() - hours : Long.MIN_VALUE;
    }

    /** Returns whether a user whose last event was in that hour is to be forgotten. */
    boolean isIdle(long activeHour) {
        return activeHour < firstActiveHour();
    }
}
