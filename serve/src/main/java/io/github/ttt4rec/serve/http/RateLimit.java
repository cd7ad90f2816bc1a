package io.github.ttt4rec.serve.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many requests a second for each token, of which a second's worth may come at once: a token bucket, kept as the time at
 * which it would be full again (the generic cell rate algorithm), so that one number a token is enough and no thread waits.
 */
final class RateLimit {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long interval;
    private final AtomicLong[] full;

    /** {@code rate} requests a second for each of {@code tokens}; 0 for no limit. */
    RateLimit(int rate, int tokens) {
        this.interval = rate == 0 ? 0 : Math.max(1, SECOND / rate);
        this.full = new AtomicLong[tokens];
        for (int i = 0; i < tokens; i++) {
            full[i] = new AtomicLong(Long.MIN_VALUE);
        }
    }

    /** Takes a place at a time in nanoseconds; returns 0, or in how many nanoseconds there will be one. */
    long take(int token, long now) {
        if (interval == 0) {
            return 0;
        }
        while (true) {
            long before = full[token].get();
            long from = Math.max(before, now);
            if (from - now > SECOND - interval) {
                return from - now - (SECOND - interval);
            }
            if (full[token].compareAndSet(before, from + interval)) {
                return 0;
            }
        }
    }
}
