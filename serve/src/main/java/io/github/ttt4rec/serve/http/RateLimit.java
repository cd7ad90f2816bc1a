package io.github.ttt4rec.serve.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the requests per second for each token, with a burst of one second's worth. It is a token bucket, stored as
 * the time at which it would be full again (generic cell rate algorithm), so that one number per token is enough and no
 * thread waits.
 */
final class RateLimit {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long interval;
    private final AtomicLong[] full;

    /** Creates a limit of {@code rate} requests per second for each of {@code tokens}; 0 for no limit. */
    RateLimit(int rate, int tokens) {
        this.interval = rate == 0 ? 0 : Math.max(1, SECOND / rate);
        this.full = new AtomicLong[tokens];
        for (int i = 0; i < tokens; i++) {
            full[i] = new AtomicLong(Long.MIN_VALUE);
        }
    }

    /**
     * Admits a request at a time in nanoseconds; returns 0, or the nanoseconds until the next request would be
     * admitted.
     */
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
