package io.github.ttt4rec.flink.job;

import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.internal.Withers;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the job recommends.
 *
 * @param lists when it makes lists of its own accord
 * @param k how many items such a list has
 * @param excludeSeen whether such a list leaves out what is in the events kept
 * @param requestsAtEnd whether requests are answered after the last event, where events end; if not, as they come
 * @param policy which part of a long history the model reads; null: {@code HOP}, or {@code WINDOW} for a model that cannot
 * @param keepEvents of each user the last events kept: what the model is rebuilt from, and how far back an event id is
 *     known. 0 keeps all; null as many as the policy reads
 * @param userTtl users without an event for so long, by the machine's clock, are forgotten; zero keeps them for ever
 */
@Withers
public record JobSettings(
        Lists lists,
        int k,
        boolean excludeSeen,
        boolean requestsAtEnd,
        @Nullable HistoryPolicy policy,
        @Nullable Integer keepEvents,
        Duration userTtl)
        implements Serializable, JobSettingsBuilder.With {
    /** When the job makes lists of its own accord. */
    public enum Lists {
        /** After each event that is not a duplicate. */
        EVENT,
        /** One for each user, after the last event; only where events end. */
        END,
        /** Never: only on request. */
        NONE
    }

    /** Checks the numbers. */
    public JobSettings {
        Ranges.require(k >= 1, "k must be 1 or more");
        Ranges.require(keepEvents == null || keepEvents >= 0, "keep_events must be 0 (keep all) or more");
        Ranges.require(!userTtl.isNegative(), "user_ttl must be 0 (for ever) or more");
    }

    /** Ten items after every event, requests answered as they come, users kept for ever. */
    public static JobSettings defaults() {
        return new JobSettings(Lists.EVENT, 10, false, false, null, null, Duration.ZERO);
    }

    /** The filter of the job's own lists. */
    ItemFilter filter() {
        return excludeSeen ? ItemFilter.UNSEEN : ItemFilter.NONE;
    }
}
