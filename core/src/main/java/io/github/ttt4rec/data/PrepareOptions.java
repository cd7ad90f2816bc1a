package io.github.ttt4rec.data;

import io.github.ttt4rec.internal.Withers;
import org.jspecify.annotations.Nullable;

/**
 * The filters for an interaction log, applied in the order of the components.
 *
 * @param after only events at or after this time; null for all
 * @param before only events before this time; null for all
 * @param maxUsers the number of users to keep, the first ones in the file; null for all
 * @param deduplication which repeated events are dropped
 * @param minUserEvents users with fewer events are dropped; together with {@code minItemEvents} this is repeated until
 *     nothing changes (the k-core); 1 keeps all
 * @param minItemEvents items with fewer events are dropped; 1 keeps all
 */
@Withers
public record PrepareOptions(
        @Nullable TimeBound after,
        @Nullable TimeBound before,
        @Nullable Integer maxUsers,
        Deduplication deduplication,
        int minUserEvents,
        int minItemEvents)
        implements PrepareOptionsBuilder.With {

    /** Throws {@link IllegalArgumentException} if a count is below 1. */
    public PrepareOptions {
        if (minUserEvents < 1 || minItemEvents < 1 || (maxUsers != null && maxUsers < 1)) {
            throw new IllegalArgumentException("counts must be at least 1");
        }
    }

    /** The 5-core without de-duplication, as in the protocol of the published Amazon results. */
    public static PrepareOptions defaults() {
        return new PrepareOptions(null, null, null, Deduplication.NONE, 5, 5);
    }

    /** Options that keep every event. */
    public static PrepareOptions keepAll() {
        return new PrepareOptions(null, null, null, Deduplication.NONE, 1, 1);
    }

    /**
     * These options with only the events from {@code after}, inclusive, to {@code before}, exclusive; null for no
     * bound.
     */
    public PrepareOptions withTimeRange(@Nullable TimeBound after, @Nullable TimeBound before) {
        return with(options -> options.after(after).before(before));
    }

    /** These options with other minimal numbers of events per user and per item. */
    public PrepareOptions withCore(int minUserEvents, int minItemEvents) {
        return with(options -> options.minUserEvents(minUserEvents).minItemEvents(minItemEvents));
    }
}
