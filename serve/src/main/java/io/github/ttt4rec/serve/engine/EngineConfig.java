package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.recommend.HistoryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How the engine serves.
 *
 * @param policy which part of a long history the model reads, applied to the positions of all of a user's events, those of
 *     unknown items included; null: {@code HOP}, or {@code WINDOW} for a model that cannot read that many items
 * @param cacheBytes the memory that users' states may take: at most a quarter of it the last vectors and item lists that
 *     serve reads, the rest the fast weights
 * @param qualityRate the share of stored events that are ranked as they would have been just before, to measure quality; 0
 *     for none
 * @param updates how the catalogue follows the stored events
 * @param roles the roles of events by their types; null for those that the model was trained with
 */
public record EngineConfig(
        @Nullable HistoryPolicy policy,
        long cacheBytes,
        double qualityRate,
        CatalogueUpdates updates,
        @Nullable EventRoles roles) {
    /** Events that are ranked to measure quality, by default: one in fifty. */
    public static final double DEFAULT_QUALITY_RATE = 0.02;

    /** Checks the numbers. */
    public EngineConfig {
        Ranges.require(cacheBytes >= 0, "cache_bytes must be 0 or more");
        Ranges.require(qualityRate >= 0 && qualityRate <= 1, "quality_rate must be in [0, 1]");
    }

    /** With the default share of events ranked. */
    public EngineConfig(@Nullable HistoryPolicy policy, long cacheBytes) {
        this(policy, cacheBytes, DEFAULT_QUALITY_RATE);
    }

    /** With a catalogue that stays as it was trained. */
    public EngineConfig(@Nullable HistoryPolicy policy, long cacheBytes, double qualityRate) {
        this(policy, cacheBytes, qualityRate, CatalogueUpdates.OFF);
    }

    /** With the roles of events that the model was trained with. */
    public EngineConfig(@Nullable HistoryPolicy policy, long cacheBytes, double qualityRate, CatalogueUpdates updates) {
        this(policy, cacheBytes, qualityRate, updates, null);
    }

    /** The default policy and 256 MiB. */
    public static EngineConfig defaults() {
        return new EngineConfig(null, 256L << 20);
    }
}
