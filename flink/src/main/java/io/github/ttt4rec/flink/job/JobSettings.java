package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the job.
 *
 * @param lists when the job makes lists without a request
 * @param k the number of items in such a list
 * @param excludeSeen whether such a list leaves out the items of the user's kept events
 * @param requestsAtEnd whether to answer requests after the last event, if events end; otherwise as they arrive
 * @param policy the part of a long history that the model reads; null stands for {@code HOP}, or {@code WINDOW} if the
 *     model does not support it
 * @param keepEvents the number of recent events kept for each user, from which states are rebuilt and duplicate ids are
 *     detected. 0 keeps all; null keeps as many as the policy reads
 * @param userTtl the time without an event, by the machine's clock, after which a user is forgotten; zero keeps users
 *     for ever
 * @param types the rules by which the job reads events of several types; null if it reads all events and no types
 */
@Withers
public record JobSettings(
        Lists lists,
        int k,
        boolean excludeSeen,
        boolean requestsAtEnd,
        @Nullable HistoryPolicy policy,
        @Nullable Integer keepEvents,
        Duration userTtl,
        @Nullable String types)
        implements Serializable, JobSettingsBuilder.With {
    /** When the job makes lists without a request. */
    public enum Lists {
        /** After each event that is not a duplicate. */
        EVENT,
        /** One for each user, after the last event; only if events end. */
        END,
        /** Never: only on request. */
        NONE
    }

    /** Validates the settings. */
    public JobSettings {
        Ranges.require(k >= 1, "k must be 1 or more");
        Ranges.require(keepEvents == null || keepEvents >= 0, "keep_events must be 0 (keep all) or more");
        Ranges.require(!userTtl.isNegative(), "user_ttl must be 0 (for ever) or more");
    }

    /** The defaults: ten items after every event, requests answered as they arrive, users kept for ever. */
    public static JobSettings defaults() {
        return new JobSettings(Lists.EVENT, 10, false, false, null, null, Duration.ZERO, null);
    }

    /** The filter of lists without a request. */
    ItemFilter filter() {
        return excludeSeen ? ItemFilter.UNSEEN : ItemFilter.NONE;
    }
}
