package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.live.LiveState;
import io.github.ttt4rec.live.ModelStamp;
import java.util.Map;

/**
 * The data needed to recommend to a user and to rebuild the fast weights; small, so that memory holds very many users.
 * Immutable; no code writes to the arrays.
 *
 * @param stamp the stamp of the model that computed it
 * @param user the user's number in the store
 * @param first the position of the first event kept
 * @param events the number of events ever accepted
 * @param items the catalogue indices of all events kept that the model reads, 0 if the model does not know the item
 * @param kinds the kinds of these events; empty if the model does not read kinds
 * @param times the times of these events in epoch microseconds; empty if the model does not read times
 * @param lowered see {@link ReadEvents#lowered}
 * @param vector the query vector after the last event; see {@link LiveState#vector}
 */
record UserVector(
        ModelStamp stamp,
        long user,
        long first,
        long events,
        int[] items,
        byte[] kinds,
        long[] times,
        Map<Integer, Double> lowered,
        float[] vector) {
    /** The measured overhead of objects, array headers, key and cache entry on a 64-bit JVM, in bytes. */
    private static final int OVERHEAD = 240;
    /** An entry of the map with its key and value. */
    private static final int LOWERED = 80;

    /** The number of events kept that the model does not read. */
    long skipped() {
        return events - first - items.length;
    }

    int bytes() {
        return OVERHEAD
                + Integer.BYTES * items.length
                + kinds.length
                + Long.BYTES * times.length
                + Float.BYTES * vector.length
                + LOWERED * lowered.size();
    }
}
