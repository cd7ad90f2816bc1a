package io.github.ttt4rec.serve.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that follows the wall's only as long as that agrees with the time that has passed since it was made: a jump of the
 * wall clock must not make users look idle. Without a jump both differ by seconds in a year.
 */
final class SteadyClock implements InstantSource {
    private static final Duration TOLERANCE = Duration.ofHours(1);

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant start;
    private final long startNanos;

    /** {@code nanos} counts the time that passes, as {@link System#nanoTime} does. */
    SteadyClock(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        this.start = wall.instant();
        this.startNanos = nanos.getAsLong();
    }

    /** The system's clock. */
    static SteadyClock system() {
        return new SteadyClock(InstantSource.system(), System::nanoTime);
    }

    @Override
    public Instant instant() {
        Instant expected = start.plusNanos(nanos.getAsLong() - startNanos);
        Instant told = wall.instant();
        return Duration.between(expected, told).abs().compareTo(TOLERANCE) > 0 ? expected : told;
    }
}
