package io.github.ttt4rec.serve.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that follows the wall clock only as long as that agrees with the elapsed time, because a jump of the wall
 * clock must not make users look idle. Without jumps, the two differ by seconds per year.
 */
final class SteadyClock implements InstantSource {
    private static final Duration TOLERANCE = Duration.ofHours(1);

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final Instant start;
    private final long startNanos;

    /** Creates a clock; {@code nanos} measures elapsed time like {@link System#nanoTime}. */
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
