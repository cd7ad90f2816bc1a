package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.live.LiveState;

/**
 * A user's fast weights in memory. Mutable; guarded by the user's lock.
 *
 * @param user the user's number in the store
 * @param first the position of the first event that was kept when it read
 * @param skipped the number of kept events that the model did not read then
 * @param live the fast weights
 */
record CachedState(long user, long first, long skipped, LiveState live) {
    /** The measured overhead of objects, array headers, key and cache entry on a 64-bit JVM, in bytes. */
    private static final int OVERHEAD = 400;

    /**
     * Returns whether the state can be continued: it belongs to the user with this number, and it numbers the events
     * that were read as the caller does. The two numberings differ if events that the model did not read have been
     * dropped since.
     */
    boolean fits(long number, long firstNow, long skippedNow) {
        return user == number && (first == firstNow || (skipped == 0 && skippedNow == 0));
    }

    int bytes() {
        return (int) Math.min(Integer.MAX_VALUE, OVERHEAD + live.bytes());
    }
}
