package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.internal.Ranges;
import io.github.ttt4rec.recommend.HistoryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the engine.
 *
 * @param policy the part of a long history that the model reads, by the positions of all of a user's events, those of
 *     unknown items included; null stands for {@code HOP}, or {@code WINDOW} if the model cannot read that many items
 * @param cacheBytes the memory for users' states in bytes: at most a quarter for the last vectors and item lists, which
 *     reads need, the rest for the fast weights
 * @param qualityRate the share of events to rank just before they are stored, to measure quality; 0 for none
 * @param updates how the catalogue follows the stored events
 * @param roles the roles of events by their types; null for those that the model was trained with
 */
public record EngineConfig(
        @Nullable HistoryPolicy policy,
        long cacheBytes,
        double qualityRate,
        CatalogueUpdates updates,
        @Nullable EventRoles roles) {
    /** The default share of events to rank for quality: one in fifty. */
    public static final double DEFAULT_QUALITY_RATE = 0.02;

    /** Validates the numbers. */
    public EngineConfig {
        Ranges.require(cacheBytes >= 0, "cache_bytes must be 0 or more");
        Ranges.require(qualityRate >= 0 && qualityRate <= 1, "quality_rate must be in [0, 1]");
    }

    /** Creates a configuration with the default share of ranked events. */
    public EngineConfig(@Nullable HistoryPolicy policy, long cacheBytes) {
        this(policy, cacheBytes, DEFAULT_QUALITY_RATE);
    }

    /** Creates a configuration that never recounts the catalogue. */
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
