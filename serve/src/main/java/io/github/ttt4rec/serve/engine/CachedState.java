package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.live.LiveState;

/**
 * A user's fast weights in memory. Mutable: only under the user's lock.
 *
 * @param user the store's number of the user
 * @param live the fast weights
 */
record CachedState(long user, LiveState live) {
    /** Objects, array headers, the key and the cache's own, on a 64-bit machine; measured. */
    private static final int OVERHEAD = 400;

    int bytes() {
        return (int) Math.min(Integer.MAX_VALUE, OVERHEAD + live.bytes());
    }
}
